// director flash of a running director: the table, the budget, who wrote; again and again with --watch.
import test from 'ava';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { reportRunning } from '../../src/director/console/flash-report.ts';
import { WINDOW } from '../../src/director/flash/history.ts';
import { shippedCard } from '../../src/director/flash/profiles.ts';
import { serve } from '../../src/director/ipc/server.ts';
import type { FlashState } from '../../src/director/protocol.ts';
import { takeRunDirectory } from '../../src/director/supervisor/lock.ts';
import { look, NEW_WATCH } from '../../src/director/telemetry/watch.ts';
import { createFake, type FakePlatform, systemError } from '../../src/platform/fake.ts';
import { device, reading } from '../flash/readings.ts';
import { createConnected, pass } from '../ipc/unix-network.ts';
import { validate } from '../schemas/validate.ts';

const CARD = shippedCard('slc-static')!;

/** A day of looks, 8 sectors written in each window of which the first half were announced. */
function stateOfADay(heat = 50): FlashState {
  const slice = { budget: null, profile: CARD, card: null, announced: {} };
  let watch = NEW_WATCH;
  for (let time = 0; time <= 7 * WINDOW; time += WINDOW / 2) {
    const sectors = 8 * Math.floor(time / WINDOW);
    const devices = ['sda', 'sda4', 'sdb'].map(name => {
      return device(name, { writes: sectors / 8, sectorsWritten: name === 'sdb' ? 0 : sectors });
    });
    const samples = new Map([
      ['dirty', 4096 * (time / WINDOW)],
      ['temperature lm86 temp1', 40],
      ['temperature lm86 temp2', heat + time / WINDOW],
      ['voltage lm86 in0', 3.3],
    ]);
    const at = reading(time, devices, { uptime: time });
    watch = look(watch, { reading: at, readOnly: new Set(), samples, writers: [], wall: time }, slice).watch;
  }
  return {
    uptime: 7 * WINDOW,
    boot: 'boot-1',
    histories: [...watch.monitor.histories],
    sizes: [
      ['sda', 61 << 20],
      ['sda4', 8 << 20],
    ],
    readOnly: ['sda4'],
    guarded: [],
    profile: CARD,
    card: 'sda',
    written: 4 << 20,
    erased: null,
    budget: { perDay: 65_536, spent: 28_672 },
    gauges: [...watch.gauges],
    writers: [{ name: 'evil', file: '/dev/sda4', pid: 77, bytes: 8192, at: Date.UTC(2026, 0, 1) }],
    notes: Array.from({ length: 12 }, (_, index) => ({
      at: Date.UTC(2026, 0, 1),
      text: `sda: note ${index}`,
    })),
  };
}

function board(state = stateOfADay()): FakePlatform {
  const platform = createConnected({ files: { '/run/director/x': '' } });
  takeRunDirectory(platform, '/run/director');
  serve(platform, '/run/director/control.sock', command => {
    if (command === 'card') return null;
    if (command !== 'flash') throw new Error(`unknown command ${command}`);
    return state;
  });
  return platform;
}

async function run(platform: FakePlatform, ...words: string[]) {
  const status = dispatch(platform, ['flash', ...words]);
  await pass(platform, 10);
  return { status: await status, ...platform.output };
}

test('people see devices with their windows, the forecast, the budget, who wrote, and what happened', async t => {
  const { status, text } = await run(board());
  t.is(status, 0);
  const lines = text.split('\n');
  t.regex(lines[0]!, /^DEVICE +SIZE +ACCESS +WINDOW +DAY +MONTH +READ +WINDOWS +DAYS$/);
  t.regex(text, /^sda +61 MiB +writable +.*@@@@@@@?$/m);
  t.regex(text, /^ {2}sda4 +8.0 MiB +read-only /m);
  t.regex(text, /\nsda, card slc-static\n/);
  t.regex(text, /^budget +28 KiB of 64 KiB written today \(44 %\)$/m);
  t.regex(text, /^odometer +4.0 MiB in the life of sda$/m);
  t.regex(text, /^dirty +0 B to 28 KiB, .* KiB in the mean {2}/m);
  t.regex(text, /^temperature lm86 temp2 +50.0 to 57.0 C, 53.7 in the mean {2}[.:=+*#%@-]{8}$/m);
  t.regex(text, /^voltage lm86 in0 +3.30 V, 3.30 in the mean {2}@{8}$/m);
  t.regex(
    text,
    /\nWRITERS {2}PID {2}WRITTEN {2}OPEN FILE {2}LAST\n {2}evil {3}77 {3}8.0 KiB {2}\/dev\/sda4 {2}2026-01-01T00:00:00.000Z\n/,
  );
  t.is(text.match(/: sda: note/g)?.length, 10);
  t.regex(text, /\n {2}and 2 more\n/);
});

test('--card takes a profile that is shipped, or the one of the configuration', async t => {
  const own = { ...shippedCard('slc-static')!, name: 'ours' };
  const of = async (card: string) => run(board({ ...stateOfADay(), profile: own }), '--card', card);
  t.regex((await of('ours')).text, /\nsda, card ours\n/);
  t.regex((await of('mlc')).text, /\nsda, card mlc\n/);
  t.is((await of('theirs')).status, 2);
});

test('the forecast says how hot the card had it, and when that was too hot', async t => {
  const cool = (await run(board())).text;
  t.regex(
    cool,
    /^ +heat: lm86 temp2 at 50 to 57 C, 54 in the mean; commercial cards are made for up to 70 C around them$/m,
  );
  const hot = (await run(board(stateOfADay(65)))).text;
  t.regex(
    hot,
    /^ +heat: lm86 temp2 at 65 to 72 C, .*: above the 70 C that commercial cards are made for, so it may fail before it is worn$/m,
  );
});

test('programs get all of it, as the schema says; the odometer counts for the card of the director only', async t => {
  const { text } = await run(board(), '--json');
  const answer = JSON.parse(text);
  t.deepEqual(validate('flash', answer), []);
  t.like(answer, { version: 1, source: 'director', card: 'sda', written: 4 << 20, boot: 'boot-1' });
  t.deepEqual(
    answer.cards.map(({ disk }: { disk: string }) => disk),
    ['sda', 'sdb'],
  );
  t.truthy(answer.cards.find(({ disk }: { disk: string }) => disk === 'sda').forecast);
  t.is(answer.notes.length, 12);
});

test('before anything was seen there is nothing to show', async t => {
  const nothing = {
    histories: [],
    gauges: [],
    writers: [],
    notes: [],
    budget: null,
    written: null,
    card: null,
  };
  const { status, text } = await run(board({ ...stateOfADay(), ...nothing, readOnly: null, profile: null }));
  t.is(status, 0);
  t.is(text, 'no disk was seen\n');
});

test('two counts of erasures tell the write amplification, of the card that the director is on', t => {
  const card = shippedCard('innodisk-icf9000')!;
  const id = card.smart.totalErasures!;
  const state = { ...stateOfADay(), written: 9 << 20, erased: { id, raw: 500, sectors: 16_384 } };
  const reasons = (raw: number, erased: typeof state.erased | null = state.erased) => {
    const attributes = new Map(['sda', 'sdb'].map(disk => [disk, [{ id, value: 100, raw }]]));
    const { cards } = reportRunning({ ...state, erased }, { card, held: null, smart: null, attributes });
    return cards.map(({ forecast }) => forecast.reasons.filter(reason => reason.includes('measured'))[0]);
  };
  // 8 MiB had been written when it was asked first.
  t.deepEqual(reasons(600), [
    'write amplification measured: the card erased 100 blocks while 1.0 MiB were written',
    undefined,
  ]);
  t.deepEqual(reasons(505), [undefined, undefined]);
  t.deepEqual(reasons(600, null), [undefined, undefined]);
});

test('a director that does not answer fails, it is not passed over', async t => {
  const platform = createConnected({ files: { '/run/director/x': '' } });
  takeRunDirectory(platform, '/run/director');
  const { status, errors } = await run(platform);
  t.is(status, 1);
  t.regex(errors, /no director answers/);
});

test('--watch shows it again every few seconds until nobody reads', async t => {
  const platform = board();
  let shown = 0;
  platform.print = text => {
    t.true(text.startsWith('\x1b[H\x1b[JDEVICE'));
    if (++shown === 3) throw systemError('EPIPE', 'write', '1');
  };
  const status = dispatch(platform, ['flash', '--watch']);
  await pass(platform, 20_000);
  t.is(await status, 0);
  t.is(shown, 3);
});

test('--watch goes on when who is watched is started again', async t => {
  let asked = 0;
  const platform = createConnected({ files: { '/run/director/x': '' } });
  takeRunDirectory(platform, '/run/director');
  serve(platform, '/run/director/control.sock', command => {
    if (command === 'card') return null;
    if (++asked === 2) throw new Error('the telemetry process does not answer');
    return stateOfADay();
  });
  const shown: string[] = [];
  platform.print = text => {
    shown.push(text.replace('\x1b[H\x1b[J', '').split(/[\n ]/)[0]!);
    if (shown.length === 3) throw systemError('EPIPE', 'write', '1');
  };
  const status = dispatch(platform, ['flash', '--watch']);
  await pass(platform, 20_000);
  t.is(await status, 0);
  t.deepEqual(shown, ['DEVICE', 'director:', 'DEVICE']);
});

test('--watch is about now', async t => {
  const platform = createFake();
  t.is(await dispatch(platform, ['flash', '--watch', '--trace', '/t']), 2);
  t.regex(platform.output.errors, /take one of them/);
});
