import test from 'ava';
import { describeHistory } from '../../src/director/console/history.ts';

const DEVICE = '/dev/sda4';
const EMPTY = 'empty: nothing was ever written here';

test('commits are listed with their time and comment, and where they are', t => {
  const commits = [{ sequence: 7, time: Date.UTC(2026, 0, 2, 3, 4, 5), comment: 'web3 added' }];
  t.is(
    describeHistory({ device: DEVICE, copies: ['commit 7', EMPTY], commits }),
    `COMMIT  TIME                     COMMENT
7       2026-01-02 03:04:05 UTC  web3 added
copy 1 on /dev/sda4: commit 7
copy 2 on /dev/sda4: empty: nothing was ever written here
`,
  );
});

test('a card that was never written to is told apart from one whose copies are damaged', t => {
  const none = (copies: readonly string[]) =>
    describeHistory({ device: DEVICE, copies, commits: [] }).split('\n')[0];
  t.is(none([EMPTY, EMPTY]), 'nothing was ever committed');
  const damaged = 'damaged: its checksum does not match';
  for (const copies of [
    [damaged, damaged],
    [EMPTY, damaged],
  ])
    t.is(none(copies), 'no commit can be read: director commit writes what is in force');
});
