// What ava 8 prints with --tap, as seen, and what the test runner makes of it.
import test from 'ava';
import { summary, tapReader } from '../../scripts/test/tap.ts';

const output = `TAP version 13
not ok 1 - Error: boom
  ---
    message: boom
  ...
not ok 2 - test/b.test.ts exited with a non-zero exit code: 1
ok 3 - a › no kernel support: needs netem # SKIP
not ok 4 - a › later # TODO
ok 5 - a › issue # 3 stays fixed
ok 6 - a › logs
#   hello

1..5
# tests 4
# fail 2
`;

test('counts passed, failed and skipped results', t => {
  const tap = tapReader();
  for (const line of output.split('\n')) tap.line(line);
  t.deepEqual(tap.counts, { passed: 2, failed: 2, skipped: 2 });
  t.deepEqual(tap.skipped, ['a › no kernel support: needs netem', 'a › later']);
});

test('shows a failure with its diagnostics and nothing else', t => {
  const tap = tapReader();
  const shown = output.split('\n').filter(line => tap.line(line));
  t.deepEqual(shown, [
    'not ok 1 - Error: boom',
    '  ---',
    '    message: boom',
    '  ...',
    'not ok 2 - test/b.test.ts exited with a non-zero exit code: 1',
  ]);
});

test('the closing line names skipped tests only when there are some', t => {
  t.is(summary({ passed: 3, failed: 0, skipped: 0 }), '3 passed, 0 failed');
  t.is(summary({ passed: 3, failed: 1, skipped: 2 }), '3 passed, 1 failed, 2 skipped');
});
