// The child that reads the configuration dies or hangs: nothing changes, and the director says so.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { INSTANCE, INTERFACE } from './director/configs.ts';
import { buildDirector, createPlace, Director, until } from './director/director.ts';

const CONFIG = INTERFACE + INSTANCE;
/** Takes seconds to be read. */
const LONG = '~SEQ(N, 1, 20000) track_file f$N { file /tmp/$N }\n';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** The child of this director's control process. */
async function readerOf(director: Director): Promise<number> {
  const control = await until(
    () => director.pid('control').catch(() => 0),
    pid => pid !== 0,
  );
  const children = `/proc/${control}/task/${control}/children`;
  const list = await until(
    () => readFileSync(children, 'utf8').trim(),
    text => text !== '',
  );
  return Number(list);
}

test('a reading that dies changes nothing, and the next one counts', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  const running = () => readFileSync(`${director.runDirectory}/running.json`, 'utf8');
  const before = running();
  director.write('site.conf', LONG);
  const reload = director.console('reload');
  process.kill(await readerOf(director), 'SIGKILL');
  const { status, output, errors } = await reload;
  t.deepEqual([status, output], [1, '']);
  t.regex(errors, /site\.conf could not be read: signal 9/);
  const from = director.length;
  director.signal('SIGHUP');
  process.kill(await readerOf(director), 'SIGKILL');
  await director.line(
    /site\.conf could not be read: signal 9: the running configuration stays in force/,
    from,
  );
  t.is(running(), before);
  director.write('site.conf', CONFIG);
  t.is((await director.console('reload')).status, 0);
  t.is((await director.vrrp()).instances[0]?.counters.becameMaster, 1);
});

test('a director whose first reading dies takes what the console brings', async t => {
  const director = new Director(t, binary, createPlace(), LONG);
  process.kill(await readerOf(director), 'SIGKILL');
  await director.line(/site\.conf could not be read: signal 9; tried again in 5 s/);
  t.is((await director.console('reload', director.write('other.conf', CONFIG))).status, 0);
  await director.line(/entering MASTER/);
});

test('a director whose first reading dies reads again', async t => {
  const director = new Director(t, binary, createPlace(), LONG);
  process.kill(await readerOf(director), 'SIGKILL');
  await director.line(/site\.conf could not be read: signal 9; tried again in 5 s/);
  director.write('site.conf', CONFIG);
  await director.line(/entering MASTER/);
  t.true((await director.status()).configFile.endsWith('site.conf'));
});

test('a director that is stopped does not wait for a reading that hangs', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  director.write('site.conf', LONG);
  director.signal('SIGHUP');
  process.kill(await readerOf(director), 'SIGSTOP');
  director.signal('SIGTERM');
  t.is(await director.ended, 0);
  t.deepEqual(director.addresses(), ['10.9.0.1/24']);
});

test('a director that is stopped during its first reading does not say that it will read again', async t => {
  const director = new Director(t, binary, createPlace(), LONG);
  process.kill(await readerOf(director), 'SIGSTOP');
  director.signal('SIGTERM');
  t.is(await director.ended, 0);
  t.notRegex(director.log, /tried again/);
});
