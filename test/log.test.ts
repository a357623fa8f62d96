// The bounded log.
import test from 'ava';
import { createLog } from '../src/director/log.ts';
import { createFake } from '../src/platform/fake.ts';

function lines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

test('a line has time, role and severity', t => {
  const platform = createFake();
  const log = createLog(platform, 'vrrp');
  log.info('up');
  log.warn('odd');
  log.error('broken');
  t.deepEqual(lines(platform.output.errors), [
    '2026-01-01T00:00:00.000Z vrrp: up',
    '2026-01-01T00:00:00.000Z vrrp: warning: odd',
    '2026-01-01T00:00:00.000Z vrrp: error: broken',
  ]);
});

test('a storm is cut, what was left out is counted, and other severities still get through', t => {
  const platform = createFake();
  const log = createLog(platform, 'vrrp');
  for (let count = 0; count < 1000; count++) log.warn('storm');
  log.info('entering MASTER');
  t.is(lines(platform.output.errors).length, 21);
  platform.clock.advance(2000);
  log.warn('storm');
  log.warn('storm');
  t.is(
    lines(platform.output.errors).at(-1),
    '2026-01-01T00:00:02.000Z vrrp: warning: storm (980 lines like this were left out)',
  );
});

test('an endless storm costs a line every two seconds', t => {
  const platform = createFake();
  const log = createLog(platform, 'vrrp');
  for (let count = 0; count < 10_000; count++) {
    log.warn('storm');
    platform.clock.advance(10);
  }
  t.is(lines(platform.output.errors).length, 20 + 49);
});

test('a quiet time gives the whole budget back', t => {
  const platform = createFake();
  const log = createLog(platform, 'vrrp');
  for (let count = 0; count < 30; count++) log.warn('storm');
  platform.clock.advance(3_600_000);
  for (let count = 0; count < 30; count++) log.warn('storm');
  t.is(lines(platform.output.errors).length, 40);
});
