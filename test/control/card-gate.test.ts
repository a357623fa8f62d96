// Before something is written to the card, the telemetry process is asked and told.
import test from 'ava';
import { CardGate } from '../../src/director/control/card-gate.ts';
import type { Verdict } from '../../src/director/flash/budget.ts';
import { UNKNOWN_CARD } from '../../src/director/flash/profiles.ts';
import { createLog } from '../../src/director/log.ts';
import type { TelemetrySlice } from '../../src/director/protocol.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { sampleConfig } from './sample.ts';

const CARD = { disk: 'sda', sectors: 10, counted: 0, day: 0, spent: 0, erased: null };
const DEVICES = ['sda', 'sda4'];

function world(platform: FakePlatform = createFake({ files: { '/run/x': '' } })) {
  const said: [string, unknown][] = [];
  const state: { verdict: Verdict | null; slice: TelemetrySlice | null } = { verdict: null, slice: null };
  const gate = new CardGate(platform, {
    runDirectory: '/run',
    log: createLog(platform, 'control'),
    store: { odometer: () => CARD },
    telemetry: {
      configure: slice => {
        state.slice = slice as TelemetrySlice;
      },
      amend: slice => {
        state.slice = slice as TelemetrySlice;
      },
      async ask(command, argument) {
        said.push([command, argument]);
        return command === 'judge' ? state.verdict : null;
      },
    },
  });
  return { platform, gate, said, state };
}

test('what is configured of the card goes to the telemetry process, with the odometer', t => {
  const { gate, state } = world();
  gate.configure(sampleConfig());
  t.deepEqual(state.slice, { budget: null, profile: UNKNOWN_CARD, card: CARD, announced: {} });
  const card = { ...UNKNOWN_CARD, name: 'ours' };
  gate.configure({ ...sampleConfig(), flash: { perDay: 65_536, card } });
  t.like(state.slice, { budget: 65_536, profile: card });
});

test('a write is judged and announced before it is made, and settled when it is over', async t => {
  const { gate, said, state } = world();
  state.verdict = { answer: 'allowed' };
  const write = gate.for('director commit', false);
  await write.open(DEVICES, 16);
  t.deepEqual(said, [
    ['judge', { kind: 'commit', who: 'director commit', size: 8192 }],
    ['announce', { sda: 16, sda4: 16 }],
  ]);
  t.deepEqual(state.slice?.announced, { sda: 16, sda4: 16 });
  write.close();
  t.deepEqual(said[2], ['settle', null]);
});

test('a write that the budget does not cover is refused with the way to make it all the same', async t => {
  const { gate, said, state } = world();
  state.verdict = { answer: 'ask', reason: 'the flash budget does not cover this commit' };
  await t.throwsAsync(gate.for('director commit', false).open(DEVICES, 16), {
    message: 'the flash budget does not cover this commit; --over-budget writes it all the same',
  });
  t.deepEqual(
    said.map(([command]) => command),
    ['judge'],
  );
  await gate.for('director commit', true).open(DEVICES, 16);
  t.deepEqual(said.at(-1), ['announce', { sda: 16, sda4: 16 }]);
});

test('a control process that is started again adds to what was announced in this boot', async t => {
  const { platform, gate } = world();
  await gate.for('director commit', false).open(DEVICES, 16);
  const { gate: later, said } = world(platform);
  await later.for('director commit', false).open(DEVICES, 8);
  t.deepEqual(said.at(-1), ['announce', { sda: 24, sda4: 24 }]);
});

test('an odometer that cannot be read is no odometer, and said', t => {
  const platform = createFake({ files: { '/run/x': '' } });
  const slices: unknown[] = [];
  const gate = new CardGate(platform, {
    runDirectory: '/run',
    log: createLog(platform, 'control'),
    store: {
      odometer: () => {
        throw new Error('read /dev/sda4: EIO');
      },
    },
    telemetry: { configure: slice => slices.push(slice), amend: () => {}, ask: async () => null },
  });
  gate.configure({ ...sampleConfig(), flash: { perDay: 65_536, card: UNKNOWN_CARD } });
  t.like(slices[0], { card: null });
  t.regex(platform.output.errors, /per_day of flash_budget has no effect/);
  t.regex(platform.output.errors, /the odometer cannot be read: read \/dev\/sda4: EIO/);
});
