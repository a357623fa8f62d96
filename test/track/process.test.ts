import test from 'ava';
import type { TrackProcessConfig } from '../../src/director/config/vrrp-config.ts';
import { afterLook, matches, NEW_PROCESS, type ProcessState } from '../../src/director/track/process.ts';

const NGINX: TrackProcessConfig = {
  name: 'web',
  words: ['nginx'],
  match: 'name',
  quorum: 1,
  quorumMax: null,
  forkDelay: 0,
  terminateDelay: 0,
};

const worker = { name: 'nginx', words: ['nginx: worker process'] };
const master = { name: 'nginx', words: ['/usr/sbin/nginx', '-c', '/etc/nginx.conf'] };

test('a name is compared with the name of the process; one that does not fit there, or a path, with argv[0]', t => {
  const named = (...words: string[]) => ({ ...NGINX, words });
  t.true(matches(worker, NGINX));
  t.false(matches({ name: 'nginx-debug', words: ['nginx'] }, NGINX));
  t.true(matches(master, named('/usr/sbin/nginx')));
  t.false(matches(worker, named('/usr/sbin/nginx')));
  const long = { name: 'a-very-long-pro', words: ['a-very-long-program', '-x'] };
  t.true(matches(long, named('a-very-long-program')));
  t.false(matches(long, named('a-very-long-process')));
});

test('arguments count as told: not, all, the first ones, or the beginning of the last', t => {
  const by = (match: TrackProcessConfig['match'], ...words: string[]) =>
    matches(master, { ...NGINX, match, words: ['/usr/sbin/nginx', ...words] });
  t.true(by('full-command'));
  t.true(by('exact', '-c', '/etc/nginx.conf'));
  t.false(by('exact', '-c'));
  t.false(by('exact'));
  t.true(by('partial', '-c'));
  t.false(by('partial', '-c', '/etc/nginx'));
  t.true(by('initial', '-c', '/etc/nginx'));
  t.true(by('initial', '-c'));
  t.false(by('initial', '-d', '/etc/nginx'));
  t.false(by('initial', '-c', '/etc/nginx.conf', '-g'));
  t.true(matches({ name: 'sleep', words: ['sleep'] }, { ...NGINX, match: 'exact', words: ['sleep'] }));
  t.false(matches({ name: 'kthreadd', words: [] }, { ...NGINX, match: 'exact', words: ['kthreadd'] }));
});

function follow(config: Partial<TrackProcessConfig>, looks: readonly [number, number][]): (boolean | null)[] {
  let state: ProcessState = NEW_PROCESS;
  return looks.map(([now, count]) => {
    state = afterLook(state, count, { ...NGINX, ...config }, now);
    return state.up;
  });
}

test('it is up while the number of processes is within the quorum', t => {
  t.deepEqual(
    follow({ quorum: 2, quorumMax: 3 }, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 0],
    ]),
    [false, true, true, false, false],
  );
  t.deepEqual(
    follow({ quorum: 0, quorumMax: 0 }, [
      [0, 0],
      [1, 1],
    ]),
    [true, false],
  );
});

test('a change must last: more processes for the one delay, fewer for the other', t => {
  t.deepEqual(
    follow({ forkDelay: 1000, terminateDelay: 3000 }, [
      [0, 1],
      [1000, 0],
      [2000, 1],
      [3000, 0],
      [5000, 0],
      [6000, 0],
      [6500, 1],
      [7000, 2],
      [7500, 1],
    ]),
    [true, true, true, true, true, false, false, false, true],
  );
});
