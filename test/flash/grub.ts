// GRUB's environment block for the tests, as grub-editenv makes it.

export function environmentBlock(variables: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  const text = `# GRUB Environment Block\n${lines.join('')}`.padEnd(512, '#');
  return Uint8Array.from(text, character => character.charCodeAt(0));
}
