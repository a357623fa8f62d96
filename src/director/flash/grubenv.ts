// GRUB's environment block, one sector (util/grub-editenv.c and grub-core/lib/envblk.c of GRUB 2.06), and what has to become of it for
// words on the kernel's command line. Pure.

/** Where it begins in the boot partition, and its length: see image/layout.ts, which places it. */
export const GRUBENV_OFFSET = 4 << 20;
export const GRUBENV_LENGTH = 512;

const SIGNATURE = '# GRUB Environment Block\n';
/** GRUB adds its value to the kernel's command line: image/grub/grub.cfg. */
const VARIABLE = 'bootargs';

export type GrubenvPlan =
  /** It says so already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'write'; readonly block: Uint8Array }
  /** It is left alone, and why. */
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * The block with `words` on the command line in place of whatever has one of `names` (`ip_vs.conn_tab_bits`). Other words, and other
 * variables, among them those that count the tries of a slot, stay as they are. Of a damaged block that is what GRUB still reads in it.
 */
export function planGrubenv(
  block: Uint8Array,
  words: readonly string[],
  names: readonly string[],
): GrubenvPlan {
  const variables = parseGrubenv(block);
  const before = (variables.get(VARIABLE) ?? '').split(' ').filter(word => word !== '');
  const others = before.filter(word => !names.some(name => word === name || word.startsWith(`${name}=`)));
  const after = [...others, ...words].join(' ');
  if (after === before.join(' ')) return { kind: 'same' };
  if (after === '') variables.delete(VARIABLE);
  else variables.set(VARIABLE, after);
  const text = printGrubenv(variables);
  if (text.length > GRUBENV_LENGTH)
    return { kind: 'impossible', reason: `over ${GRUBENV_LENGTH} bytes in the environment block of GRUB` };
  return { kind: 'write', block: Uint8Array.from(text.padEnd(GRUBENV_LENGTH, '#'), toByte) };
}

/**
 * What GRUB finds in it, in its order: nothing in a block without its first line; up to a line that does not end in one that was cut off
 * while it was written. A line that begins with # is a remark.
 */
export function parseGrubenv(block: Uint8Array): Map<string, string> {
  const text = String.fromCharCode(...block.subarray(0, GRUBENV_LENGTH));
  const variables = new Map<string, string>();
  if (text.length < GRUBENV_LENGTH || !text.startsWith(SIGNATURE)) return variables;
  let at = SIGNATURE.length;
  while (at < text.length) {
    if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end + 1;
      continue;
    }
    const equals = text.indexOf('=', at);
    if (equals < 0) break;
    let value = '';
    let end = equals + 1;
    for (; end < text.length && text[end] !== '\n'; end++) {
      if (text[end] === '\\') end++;
      value += text[end] ?? '';
    }
    if (end >= text.length) break;
    variables.set(text.slice(at, equals), value);
    at = end + 1;
  }
  return variables;
}

function printGrubenv(variables: ReadonlyMap<string, string>): string {
  const lines = [...variables].map(([name, value]) => `${name}=${value.replace(/[\\\n]/g, '\\$&')}\n`);
  return SIGNATURE + lines.join('');
}

const toByte = (character: string) => character.charCodeAt(0);
