import test from 'ava';
import { CommandQueue } from '../../src/director/notify/queue.ts';
import type { CommandRun, Commands } from '../../src/director/system/commands.ts';

function world(atOnce?: number) {
  const running: { text: string; run: CommandRun }[] = [];
  const started: string[] = [];
  const said: string[] = [];
  const commands: Commands = {
    start(command, run) {
      running.push({ text: [...command.words, ...(run.words ?? [])].join(' '), run });
      return () => {};
    },
  };
  const tell = (text: string) => said.push(text);
  const queue = new CommandQueue(commands, { info: tell, warn: tell, error: tell }, atOnce);
  const add = (subject: string, text: string) =>
    queue.add(subject, {
      command: { words: ['/x'], user: null, group: null },
      words: [text],
      about: `${subject} ${text}`,
      started: () => started.push(`${subject} ${text}`),
    });
  /** The program under way with this text ends. */
  const end = (text: string, status = 0) => {
    const at = running.findIndex(each => each.text === `/x ${text}`);
    const [{ run }] = running.splice(at, 1) as [(typeof running)[0]];
    run.done({ status, reason: `exit status ${status}` });
  };
  const texts = () => running.map(({ text }) => text);
  return { queue, add, end, texts, started, said, running };
}

test('programs of one instance run one after the other, those of others do not wait', t => {
  const { add, end, texts, started, running } = world();
  add('web', '1');
  add('web', '2');
  add('mail', '3');
  t.deepEqual(texts(), ['/x 1', '/x 3']);
  t.true((running[0]?.run.timeout ?? 0) > 0);
  end('1');
  t.deepEqual(texts(), ['/x 3', '/x 2']);
  t.deepEqual(started, ['web 1', 'mail 3', 'web 2']);
});

test('one that fails is told of, and those behind it run all the same', t => {
  const { add, end, texts, said } = world();
  add('web', '1');
  add('web', '2');
  end('1', 3);
  t.deepEqual(said, ['/x for web 1: exit status 3']);
  t.deepEqual(texts(), ['/x 2']);
});

test('of too many that wait the oldest are left out', t => {
  const { add, end, texts, said } = world();
  for (let at = 0; at < 34; at++) add('web', String(at));
  t.deepEqual(said, ['/x is left out for web 1: too many wait', '/x is left out for web 2: too many wait']);
  end('0');
  t.deepEqual(texts(), ['/x 3']);
});

test('it is idle when nothing runs any more', async t => {
  const { queue, add, end } = world();
  await queue.idle();
  add('web', '1');
  add('mail', '2');
  let idle = false;
  const done = queue.idle().then(() => {
    idle = true;
  });
  end('1');
  await Promise.resolve();
  t.false(idle);
  end('2');
  await done;
  t.true(idle);
});

test('of many subjects no more run at once than may, each in its turn', t => {
  const { add, end, texts } = world(2);
  add('a', '1');
  add('b', '2');
  add('c', '3');
  add('c', '4');
  add('d', '5');
  t.deepEqual(texts(), ['/x 1', '/x 2']);
  end('1');
  t.deepEqual(texts(), ['/x 2', '/x 3']);
  end('3');
  t.deepEqual(texts(), ['/x 2', '/x 4']);
  end('2');
  t.deepEqual(texts(), ['/x 4', '/x 5']);
});
