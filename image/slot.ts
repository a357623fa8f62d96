// A system slot: kernel, root and what boots them in one archive that GRUB reads by itself. It is written raw into a partition by
// the flashing and by an upgrade, and is the file <board>.slot.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Board, InputError } from './board.ts';
import { SOURCE_DATE_EPOCH } from './exec.ts';
import { PARTITIONS } from './layout.ts';
import { sha256 } from './step.ts';
import { type Member, ustar } from './ustar.ts';

export interface SlotParts {
  readonly board: Board;
  /** Of the whole system. */
  readonly version: string;
  readonly kernel: Uint8Array;
  readonly root: Uint8Array;
  /** Signs the manifest; null leaves the slot unsigned, and a system that runs from it refuses upgrades. */
  readonly key: KeyObject | null;
}

/** Kernel parameters that do not depend on the board. */
const COMMON = ['panic=5', 'ro', 'root=/dev/ram0', 'rootfstype=squashfs', 'quiet'];

/** What the director has to know of the board (src/director/hardware/board-facts.ts). */
function directorArguments({ name, button, limits }: Board): string[] {
  return [
    `director.board=${name}`,
    ...(button === null ? [] : [`director.button=${button.gpio}`]),
    ...(limits === null ? [] : [`director.limits=${limits.warn},${limits.hot},${limits.critical}`]),
  ];
}

/** The kernel's command line as far as the slot decides it; GRUB adds the slot's letter, the disk and `bootargs`. */
export function slotArguments(board: Board, rootLength: number): string {
  return [
    `console=${board.console.port},${board.console.speed}`,
    ...COMMON,
    `ramdisk_size=${Math.ceil(rootLength / 1024)}`,
    ...directorArguments(board),
    ...board.kernelParameters,
  ].join(' ');
}

/** The archive. Throws an InputError when it does not fit into its partition. */
export function slot({ board, version, kernel, root, key }: SlotParts): Buffer {
  const configuration = Buffer.from(`set slot_arguments="${slotArguments(board, root.length)}"\n`);
  const files: Member[] = [
    { name: 'slot.cfg', data: configuration },
    { name: 'bzImage', data: kernel },
    { name: 'root.squashfs', data: root },
  ];
  const manifest = {
    format: 1,
    board: board.name,
    version,
    built: SOURCE_DATE_EPOCH,
    signed: key !== null,
    files: files.map(({ name, data }) => ({ name, length: data.length, sha256: sha256(data) })),
  };
  const members: Member[] = [{ name: 'manifest.json', data: json(manifest) }, ...files];
  members.push({ name: 'slot.crc', data: checksums(members) });
  if (key) members.splice(1, 0, ...signature(key, members[0]!.data));
  const archive = ustar(members);
  const limit = PARTITIONS[1].length;
  if (archive.length > limit)
    throw new InputError([`a slot of ${archive.length} bytes is over the limit of ${limit}`]);
  return archive;
}

/** What GRUB checks before it boots: not against an attacker, but against a card that has lost a block. */
function checksums(members: readonly Member[]): Buffer {
  const lines = members.map(({ name, data }) => `${crc32(data).toString(16).padStart(8, '0')}  ${name}\n`);
  return Buffer.from(lines.join(''));
}

/** Raw ed25519: 64 bytes over the manifest's bytes, and the 32 bytes of the public key. */
function signature(key: KeyObject, manifest: Uint8Array): Member[] {
  // A DER-encoded ed25519 public key ends with the raw 32 bytes (RFC 8410).
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return [
    { name: 'manifest.sig', data: sign(null, manifest, key) },
    { name: 'key.pub', data: raw },
  ];
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** Reads an ed25519 private key in PEM. Throws an InputError when `text` is something else. */
export function signingKey(text: string, file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new InputError([`${file}: not a private key in PEM; make one: openssl genpkey -algorithm ed25519`]);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new InputError([`${file}: found a key of type ${key.asymmetricKeyType}, expected ed25519`]);
  }
  return key;
}
