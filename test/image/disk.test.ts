// The card's layout, its MBR and the archives on it, without building anything: what depends on bytes alone.
import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type Board, InputError, readBoard } from '../../image/board.ts';
import { diskPieces, writeDisk } from '../../image/disk.ts';
import { run } from '../../image/exec.ts';
import { diskSignature, grubConfiguration, grubEnvironment } from '../../image/grub.ts';
import {
  DISK_LENGTH,
  EXTENT,
  GRUBENV_LENGTH,
  GRUBENV_OFFSET,
  PARTITIONS,
  SECTOR,
} from '../../image/layout.ts';
import { masterBootRecord } from '../../image/mbr.ts';
import { signingKey, slot, slotArguments } from '../../image/slot.ts';
import { ustar } from '../../image/ustar.ts';
import * as grubenv from '../../src/director/flash/grubenv.ts';
import { decodeSnapshot } from '../../src/director/flash/store.ts';

const top = join(import.meta.dirname, '../..');
const board = readBoard(top, 'net4801');
const bytes = (length: number, seed: number) =>
  Buffer.from(Array.from({ length }, (_, i) => (i * seed) % 251));
const kernel = bytes(70_000, 7);
const root = bytes(90_001, 11);

function parts(config: string | null) {
  return {
    board,
    boot: bytes(512, 3),
    core: bytes(150_000, 5),
    configuration: grubConfiguration(top, board),
    slot: slot({ board, version: '1', kernel, root, key: null }),
    config: config === null ? null : Buffer.from(config),
  };
}

/** A folder that goes when the test ends. */
function folder(t: { teardown(action: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'disk-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

test('partitions are aligned to 4 MiB, do not overlap and end at 60 MiB', t => {
  let end = EXTENT;
  for (const { start, length } of PARTITIONS) {
    t.is(start % EXTENT, 0);
    t.is(length % EXTENT, 0);
    t.true(start >= end);
    end = start + length;
  }
  t.is(end, DISK_LENGTH);
  t.true(DISK_LENGTH <= 60 << 20);
});

test('sfdisk reads from the MBR what was meant', async t => {
  const file = join(folder(t), 'disk');
  writeDisk(file, [{ offset: 0, data: masterBootRecord(bytes(512, 3), '0badcafe', PARTITIONS) }]);
  const table = JSON.parse(await run('sfdisk', ['--json', file])).partitiontable;
  t.is(table.id, '0x0badcafe');
  t.is(table.partitions.length, 4);
  PARTITIONS.forEach(({ start, length, number }, index) => {
    const found = table.partitions[index];
    t.is(found.start * SECTOR, start);
    t.is(found.size * SECTOR, length);
    t.is(found.bootable === true, number === 1);
  });
});

test('tar lists the boot partition, and grubenv lies alone in an extent of its own', async t => {
  const path = folder(t);
  const file = join(path, 'disk');
  writeDisk(file, diskPieces(parts(null)));
  const image = readFileSync(file);
  const boot = image.subarray(PARTITIONS[0].start, PARTITIONS[1].start);
  writeFileSync(join(path, 'boot'), boot);
  t.is(await run('tar', ['--list', '--file', join(path, 'boot')]), 'grub.cfg\ngap\ngrubenv\n');
  const extent = boot.subarray(GRUBENV_OFFSET, GRUBENV_OFFSET + EXTENT);
  t.deepEqual(Buffer.from(extent.subarray(0, SECTOR)), grubEnvironment({ active: 'a' }));
  t.true(extent.subarray(SECTOR).every(byte => byte === 0));
});

test('both slots hold the same archive, and the store is empty without a configuration', t => {
  const file = join(folder(t), 'disk');
  const made = parts(null);
  writeDisk(file, diskPieces(made));
  const image = readFileSync(file);
  t.is(image.length, DISK_LENGTH);
  for (const { start } of [PARTITIONS[1], PARTITIONS[2]]) {
    t.true(image.subarray(start, start + made.slot.length).equals(made.slot));
  }
  t.is(decodeSnapshot(image.subarray(PARTITIONS[3].start)).state, 'empty');
});

test('a configuration goes to the store and nowhere else', t => {
  const path = folder(t);
  writeDisk(join(path, 'without'), diskPieces(parts(null)));
  writeDisk(join(path, 'with'), diskPieces(parts('! secret\n')));
  const without = readFileSync(join(path, 'without'));
  const image = readFileSync(join(path, 'with'));
  const { start } = PARTITIONS[3];
  t.true(image.subarray(0, start).equals(without.subarray(0, start)));
  const decoded = decodeSnapshot(image.subarray(start));
  t.is(decoded.state === 'valid' && new TextDecoder().decode(decoded.snapshot.config), '! secret\n');
  t.true(decoded.state === 'valid' && decoded.snapshot.seed.every(byte => byte === 0));
});

test('the same parts give the same bytes in different folders, with holes where nothing is', t => {
  const files = [folder(t), folder(t)].map(path => join(path, 'disk'));
  for (const file of files) writeDisk(file, diskPieces(parts('! one\n')));
  t.true(readFileSync(files[0]!).equals(readFileSync(files[1]!)));
  t.true(statSync(files[0]!).blocks * 512 < 2 << 20);
});

test('each kind of board has a disk signature of its own', t => {
  const signatures = ['alix', 'geos', 'net4501', 'net4521', 'net4801', 'net5501', 'wrap'].map(name =>
    diskSignature(readBoard(top, name)),
  );
  t.is(new Set(signatures).size, 7);
  for (const signature of signatures) t.regex(signature, /^[0-9a-f]{8}$/);
});

test('grub.cfg has nothing left to fill in, and the speed of the board', t => {
  const text = grubConfiguration(top, board);
  t.notRegex(text, /@/);
  t.regex(text, /^serial --unit=0 --speed=19200$/m);
  t.true(text.includes(`director.disk=${diskSignature(board)}`));
});

test('the kernel is told how large its root is', t => {
  const words = slotArguments(board, 3_000_001).split(' ');
  t.true(words.includes('ramdisk_size=2930'));
  t.true(words.includes('console=ttyS0,19200'));
  t.true(words.includes('director.board=net4801'));
});

test('the director is told what is known of the pin of its button, and of heat', t => {
  const told = (board: Board) => slotArguments(board, 1).match(/director\.\S+/g);
  t.deepEqual(told(board), ['director.board=net4801']);
  t.deepEqual(told(readBoard(top, 'geos')), ['director.board=geos', 'director.button=3']);
  t.deepEqual(told({ ...board, limits: { warn: 60, hot: 70, critical: 80 } }), [
    'director.board=net4801',
    'director.limits=60,70,80',
  ]);
});

test('the environment block is one sector', t => {
  t.is(grubEnvironment({ active: 'a' }).length, SECTOR);
  t.throws(() => grubEnvironment({ bootargs: 'x'.repeat(500) }), { instanceOf: RangeError });
});

/** Name and content of each member of an archive. */
function members(archive: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== 0; ) {
    const name = archive.toString('latin1', at, archive.indexOf(0, at));
    const length = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    found.set(name, archive.subarray(at + 512, at + 512 + length));
    at += 512 + Math.ceil(length / 512) * 512;
  }
  return found;
}

test('a slot without a key says so and carries none', t => {
  const files = members(slot({ board, version: '1', kernel, root, key: null }));
  t.deepEqual([...files.keys()], ['manifest.json', 'slot.cfg', 'bzImage', 'root.squashfs', 'slot.crc']);
  const manifest = JSON.parse(files.get('manifest.json')!.toString());
  t.is(manifest.signed, false);
  t.is(manifest.board, 'net4801');
  t.deepEqual(
    manifest.files.map((file: { name: string }) => file.name),
    ['slot.cfg', 'bzImage', 'root.squashfs'],
  );
});

test('a signed slot carries a signature that its key verifies', t => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const files = members(slot({ board, version: '1', kernel, root, key: privateKey }));
  const manifest = files.get('manifest.json')!;
  t.true(verify(null, manifest, publicKey, files.get('manifest.sig')!));
  t.is(JSON.parse(manifest.toString()).signed, true);
  t.is(files.get('key.pub')!.length, 32);
  t.true(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).equals(files.get('key.pub')!));
});

test('a slot that does not fit into its partition is refused', t => {
  const large = Buffer.alloc(PARTITIONS[1].length);
  t.throws(() => slot({ board, version: '1', kernel, root: large, key: null }), { instanceOf: InputError });
});

test('only ed25519 keys sign', t => {
  const pem = (type: 'ed25519' | 'x25519') =>
    (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')).privateKey
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
  t.notThrows(() => signingKey(pem('ed25519'), 'k'));
  t.throws(() => signingKey(pem('x25519'), 'k'), {
    message: 'k: found a key of type x25519, expected ed25519',
  });
  t.throws(() => signingKey('hello', 'k'), { message: /^k: not a private key in PEM/ });
});

test('an archive is the same for the same members, and tar reads it', async t => {
  const archive = ustar([
    { name: 'one', data: Buffer.from('1') },
    { name: 'two', data: bytes(513, 3) },
  ]);
  const file = join(folder(t), 'archive');
  writeFileSync(file, archive);
  t.is(await run('tar', ['--list', '--file', file]), 'one\ntwo\n');
  t.is(await run('tar', ['--extract', '--to-stdout', '--file', file, 'one']), '1');
});

test('the director finds the environment block of GRUB where it lies', t => {
  t.is(grubenv.GRUBENV_OFFSET, GRUBENV_OFFSET);
  t.is(grubenv.GRUBENV_LENGTH, GRUBENV_LENGTH);
  t.deepEqual(Object.fromEntries(grubenv.parseGrubenv(grubEnvironment({ active: 'a' }))), {
    active: 'a',
  });
});
