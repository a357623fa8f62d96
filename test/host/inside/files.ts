import test from 'ava';
import * as host from 'host';
import { files } from '../../../src/platform/files.ts';
import { O_CREAT, O_EXCL, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from '../../../src/platform/linux.ts';

const folder = `/run/scratch/files-${host.pid}`;
host.makeDirectory(folder, 0o755);
const text = (bytes: Uint8Array) => host.decodeUtf8(bytes);

test('a file is written, read, measured, renamed and removed', t => {
  const path = `${folder}/ä`;
  files.replace(path, 'one\ntwo', 0o640);
  t.is(files.readText(path), 'one\ntwo');
  t.deepEqual(files.list(folder), ['ä']);
  const status = files.status(path);
  t.is(status.type, 'file');
  t.is(status.size, 7);
  t.is(status.mode, 0o640);
  t.true(Math.abs(status.modified - host.wallClock()) < 60_000);
  files.changeMode(path, 0o600);
  t.is(files.status(path).mode, 0o600);
  files.put(path, '3');
  t.is(files.readText(path), '3');
  files.rename(path, `${folder}/b`);
  t.false(files.exists(path));
  t.false(files.exists(`${folder}/b/c`));
  files.remove(`${folder}/b`);
  t.deepEqual(files.list(folder), []);
});

test('an open file is read and written at any position', t => {
  files.replace(`${folder}/open`, '0123456789');
  const file = files.open(`${folder}/open`, 'read-write');
  const into = new Uint8Array(4);
  t.is(file.readAt(into, 3), 4);
  t.is(text(into), '3456');
  t.is(file.readAt(into.subarray(1, 3), 8), 2);
  t.is(text(into), '3896');
  t.is(file.readAt(into, 2 ** 40), 0);
  file.writeAt(host.encodeUtf8('xy'), 2 ** 33);
  t.is(files.status(`${folder}/open`).size, 2 ** 33 + 2);
  file.sync();
  file.close();
  file.close();
  t.throws(() => file.readAt(into, 0), { code: 'EBADF' });
});

test('a FIFO takes what is written without a reader, until it is full, and gives it in its order', t => {
  const path = `${folder}/fifo`;
  files.makeFifo(path, 0o640);
  files.changeOwner(path, { user: 65_534, group: 100_001 });
  t.is(files.status(path).type, 'fifo');
  t.throws(() => files.makeFifo(path, 0o640), { code: 'EEXIST' });
  const pipe = files.openPipe(path);
  const line = host.encodeUtf8('x'.repeat(1023).concat('\n'));
  let written = 0;
  while (pipe.write(line)) written++;
  t.is(written, 64);
  const into = new Uint8Array(4096);
  const fd = host.open(path, O_RDONLY | O_NONBLOCK, 0);
  t.is(host.read(fd, into, -1), 4096);
  t.is(text(into.subarray(1023, 1025)), '\nx');
  host.close(fd);
  t.true(pipe.write(line));
  pipe.close();
  pipe.close();
  files.remove(path);
});

test('the file offset moves, unless a position is given', t => {
  const fd = host.open(`${folder}/offset`, O_RDWR | O_CREAT | O_EXCL, 0o600);
  t.is(host.write(fd, host.encodeUtf8('abc'), -1), 3);
  t.is(host.write(fd, host.encodeUtf8('def'), -1), 3);
  t.is(host.write(fd, host.encodeUtf8('B'), 1), 1);
  t.is(host.read(fd, new Uint8Array(9), -1), 0);
  const into = new Uint8Array(9);
  t.is(host.read(fd, into, 0), 6);
  t.is(text(into.subarray(0, 6)), 'aBcdef');
  host.close(fd);
});

test('files of /proc are read although their size is 0', t => {
  t.regex(files.readText('/proc/self/status'), /^Name:/);
  t.true(files.read('/proc/kallsyms').length > 100_000);
  t.is(files.status('/proc/self').type, 'directory');
  t.is(files.status('/dev/null').type, 'character');
  t.is(host.readLink('/proc/self/cwd'), host.readLink(`/proc/${host.pid}/cwd`));
  t.true(files.list('/').includes('proc'));
});

test('an empty file is empty', t => {
  files.replace(`${folder}/empty`, '');
  t.deepEqual(host.readFile(`${folder}/empty`), new Uint8Array(0));
  t.is(files.readText(`${folder}/empty`), '');
});

test('more than 16 MiB are refused, 16 MiB are not', t => {
  const fd = host.open(`${folder}/large`, O_WRONLY | O_CREAT, 0o600);
  host.write(fd, Uint8Array.of(1), (16 << 20) - 1);
  t.is(host.readFile(`${folder}/large`).length, 16 << 20);
  host.write(fd, Uint8Array.of(1), 16 << 20);
  t.throws(() => host.readFile(`${folder}/large`), { code: 'EFBIG' });
  t.throws(() => host.readFile('/dev/zero'), { code: 'EFBIG' });
  host.close(fd);
  host.removeFile(`${folder}/large`);
});

test('an error says code, call and argument', t => {
  const error = t.throws(() => host.open('/none/such', 0, 0)) as host.HostError;
  t.like(error, { code: 'ENOENT', syscall: 'open', argument: '/none/such', name: 'Error' });
  t.is(error.message, 'open /none/such: No such file or directory (ENOENT)');
  t.regex(host.describeStack(error.stack ?? ''), /inside\/files\.ts/);
  t.throws(() => host.readFile('/'), { code: 'EISDIR' });
  t.throws(() => host.readDirectory('/dev/null'), { code: 'ENOTDIR' });
  t.throws(() => host.makeDirectory(folder, 0o755), { code: 'EEXIST' });
  t.throws(() => host.removeFile('/none'), { code: 'ENOENT' });
  t.throws(() => host.rename('/none', '/nowhere'), { code: 'ENOENT' });
  t.throws(() => host.changeMode('/none', 0), { code: 'ENOENT' });
  t.throws(() => host.readLink('/'), { code: 'EINVAL' });
  t.throws(() => host.stat('/none'), { code: 'ENOENT' });
  t.throws(() => files.replace(`${folder}/none/x`, ''), { code: 'ENOENT' });
  t.throws(() => files.put(`${folder}/none`, ''), { code: 'ENOENT' });
  t.throws(() => host.open(`/${'a'.repeat(5000)}`, 0, 0), { code: 'ENAMETOOLONG' });
});

test('ioctl reads and writes its buffer in place, however short', t => {
  const FIONREAD = 0x541b;
  const TCGETS = 0x5401;
  const [near, far] = host.socketPair();
  host.send(near, new Uint8Array(300), null);
  const count = new Uint8Array(4);
  t.is(host.ioctl(far, FIONREAD, count), 0);
  t.is(new DataView(count.buffer).getInt32(0, true), 300);
  t.is(host.ioctl(far, FIONREAD, new Uint8Array(1)), 0);
  t.is(host.ioctl(far, FIONREAD, new Uint8Array(0)), 0);
  t.throws(() => host.ioctl(far, TCGETS, new Uint8Array(60)), { code: 'ENOTTY' });
  t.throws(() => host.ioctl(far, FIONREAD, new Uint8Array(16385)), { instanceOf: RangeError });
  t.throws(() => host.ioctl(far, 0xffffffff, new Uint8Array(0)));
  host.close(near);
  host.close(far);
});
