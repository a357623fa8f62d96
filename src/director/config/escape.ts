// Escapes inside quotes, as keepalived.conf(5) lists them under "Quoted strings".

const NAMED: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['E', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** Replaces `\n`, `\033`, `\x1b`, `\cC` and their like; any other escaped character stands for itself. */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-9a-fA-F]+)|c(.)|([0-7]{1,3})|(.))/gs, decode);
}

function decode(_: string, hex?: string, control?: string, octal?: string, other?: string): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex.slice(-2), 16));
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  return NAMED.get(other!) ?? other!;
}
