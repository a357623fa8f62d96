// A board without network that commits configurations, and what its card holds at any moment, read on this side.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { PARTITIONS } from '../../image/layout.ts';
import { newestOf } from '../../src/director/flash/commit.ts';
import { COPY_OFFSETS, decodeSnapshot, type Snapshot } from '../../src/director/flash/store.ts';
import { makeCard } from './card.ts';
import { SCRATCH } from './lab.ts';
import { type Machine, type MachinePlan, powerOn } from './machine.ts';
import { login, type Shell } from './shell.ts';
import { hashPassword } from './site.ts';

const PASSWORD = 'secret';
const [, , , store] = PARTITIONS;
/** Bytes that are read of each copy: more than any configuration of the lab has. */
const READ = 1 << 20;

let hash: string | undefined;
let count = 0;

export interface CommittingBoard {
  readonly machine: Machine;
  readonly shell: Shell;
}

/** A card made of `image` whose configuration names the host `first`. */
export function newCard(image: string): string {
  hash ??= hashPassword(PASSWORD);
  const card = join(SCRATCH, `commit${++count}.card`);
  makeCard(image, card, `system {\n  hostname first\n  password_hash "${hash}"\n}\n`);
  return card;
}

/** Switches a board on; resolves once its director answers. */
export async function powerOnCommitting(
  card: string,
  more: Partial<Pick<MachinePlan, 'log' | 'extra' | 'writeLog' | 'nbd'>> = {},
): Promise<CommittingBoard> {
  const machine = await powerOn({
    name: `commit${++count}`,
    card,
    cpu: 'pentium',
    memory: 64,
    ports: [],
    folder: SCRATCH,
    ...more,
  });
  try {
    return { machine, shell: await logIn(machine, 300_000) };
  } catch (error) {
    await machine.powerOff();
    throw error;
  }
}

/** Waits until a board that restarts asks for a login again. */
export function relogin({ machine }: CommittingBoard, milliseconds: number): Promise<Shell> {
  return logIn(machine, milliseconds);
}

async function logIn({ console }: Machine, milliseconds: number): Promise<Shell> {
  const shell = await login(console, PASSWORD, milliseconds);
  await shell.must('until director status >/dev/null 2>&1; do sleep 1; done', 120_000);
  return shell;
}

export function bytesAt(path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, offset);
  } finally {
    closeSync(file);
  }
  return bytes;
}

/** What a board would start with if its power were cut now. Throws when that is the factory configuration. */
export function storedOn(card: string): Snapshot {
  return storedIn(offset => bytesAt(card, store.start + offset, READ));
}

/** The same of a config store; `read` gives the bytes from an offset. */
export function storedIn(read: (offset: number) => Uint8Array): Snapshot {
  const copies = COPY_OFFSETS.map(offset => decodeSnapshot(read(offset)));
  const newest = newestOf(copies);
  if (newest !== null) return newest;
  throw new Error(
    `no copy is whole: ${copies.map(copy => ('reason' in copy ? copy.reason : copy.state)).join('; ')}`,
  );
}

/** The host name in a configuration. */
export function nameIn({ config }: Snapshot): string | undefined {
  return /hostname (\S+)/.exec(new TextDecoder().decode(config))?.[1];
}

/** Has the director keep a configuration with this host name; returns what it says. */
export function commitName({ shell }: CommittingBoard, name: string, options = ''): Promise<string> {
  return shell.must(
    `sed 's/hostname .*/hostname ${name}/' /run/director/director.conf >/tmp/c && director commit /tmp/c ${options}`,
  );
}

/** Commits the host names n1, n2, ... in the background, each configuration of another length, up to 60 KB. */
export async function commitForEver({ shell }: CommittingBoard): Promise<void> {
  const filler =
    'yes "# a comment that makes it longer, by sixty characters or so" | head -n $((n * 137 % 1000))';
  await shell.must(
    `sed '/^#/d' /run/director/director.conf >/tmp/base; (n=0; while :; do n=$((n + 1))
     { sed "s/hostname .*/hostname n$n/" /tmp/base; ${filler}; } >/tmp/c; director commit /tmp/c; done) >/dev/null 2>&1 &`,
  );
}

/** The number in a name that `commitForEver` has given; 0 for the first configuration. */
export function numberIn(snapshot: Snapshot): number {
  const name = nameIn(snapshot);
  return name === 'first' ? 0 : Number(/^n(\d+)$/.exec(name ?? '')?.[1]);
}
