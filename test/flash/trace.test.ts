// Recorded series: their times, their texts, and what is wrong with them.
import test from 'ava';
import { CounterSyntaxError } from '../../src/director/flash/counters.ts';
import { parseTrace } from '../../src/director/flash/trace.ts';

const LINE = '   8 0 sda 1 2 3 4\n';

function refusal(text: string): string {
  try {
    parseTrace(text);
  } catch (error) {
    if (error instanceof CounterSyntaxError) return error.message;
    throw error;
  }
  throw new Error('the trace was read');
}

test('texts are read with their times, in milliseconds', t => {
  const { readings } = parseTrace(`# 1000\n${LINE}\n#1010.5\n${LINE}`);
  t.deepEqual(
    readings.map(({ time, boot, uptime, devices }) => [time, boot, uptime, devices.length]),
    [
      [1_000_000, null, null, 1],
      [1_010_500, null, null, 1],
    ],
  );
});

test('boot id and uptime may stand behind the time', t => {
  const [first, second] = parseTrace(`# 1 boot abc uptime 12.25\n${LINE}# 2 uptime 7\n${LINE}`).readings;
  t.like(first, { boot: 'abc', uptime: 12_250 });
  t.like(second, { boot: null, uptime: 7000 });
});

test('what is read-only may stand there too; what was said last counts', t => {
  t.is(parseTrace(`# 1\n${LINE}`).readOnly, null);
  const { readOnly } = parseTrace(
    `# 1 read-only sda,sdb uptime 7\n${LINE}# 2 read-only sda1\n${LINE}# 3\n${LINE}`,
  );
  t.deepEqual([...readOnly!], ['sda1']);
});

test('/proc/partitions of 2.4 has sizes and counters, later ones only sizes', t => {
  const old = 'major minor #blocks name\n3 0 100 hda 1 2 3 4 5 6 7 8 9 10 11\n';
  const today = 'major minor #blocks name\n8 0 50 sda\n';
  const { readings, sizes } = parseTrace(`# 1\n${today}\n# 1\n${LINE}# 2\n${old}`);
  t.deepEqual(
    readings.map(({ devices }) => devices[0]!.name),
    ['sda', 'hda'],
  );
  t.deepEqual(
    [...sizes],
    [
      ['sda', 51_200],
      ['hda', 102_400],
    ],
  );
});

test('a mistake is told with its line in the whole trace', t => {
  t.is(
    refusal(`# 1\n${LINE}\n# 2\n\n8 0 sda 1 x 3 4\n`),
    "line 6, column 11: sectors read should be a number, not 'x'",
  );
  t.regex(refusal(`# 1\nmajor minor #blocks name\n8 0 sda\n`), /^line 3, column 5: /);
});

test('what is no trace is refused', t => {
  const begin = 'a trace begins with a line `# ` and the time in seconds since 1970';
  t.is(refusal(''), `line 1, column 1: ${begin}`);
  t.is(refusal(`\n${LINE}# 1\n${LINE}`), `line 2, column 4: ${begin}`);
  t.is(refusal('# 1\n# 2\n'), 'line 1, column 1: the trace has no counters in it');
  t.is(refusal(`# 5\n${LINE}# 4\n${LINE}`), 'line 3, column 3: this time is before the one above');
  t.is(refusal(`# 5\n${LINE}# 5\n${LINE}`), 'line 3, column 3: there are counters of this time above');
  t.is(refusal(`#\n${LINE}`), 'line 1, column 1: the time should be a number of seconds');
  t.is(refusal(`# -5\n${LINE}`), 'line 1, column 3: the time should be a number of seconds');
  t.is(refusal(`# 99999999999999\n${LINE}`), 'line 1, column 3: the time should be a number of seconds');
  t.is(
    refusal(`# 5 noon\n${LINE}`),
    "line 1, column 5: 'noon' should be 'boot ID', 'uptime SECONDS' or 'read-only NAMES'",
  );
  t.is(
    refusal(`# 5 boot\n${LINE}`),
    "line 1, column 5: 'boot' should be 'boot ID', 'uptime SECONDS' or 'read-only NAMES'",
  );
  t.is(refusal(`# 5 uptime x\n${LINE}`), 'line 1, column 12: the uptime should be a number of seconds');
});

test('lines may end as on other systems', t => {
  t.is(parseTrace(`# 1\r\n8 0 sda 1 2 3 4\r\n# 2\r\n${LINE}`).readings.length, 2);
});
