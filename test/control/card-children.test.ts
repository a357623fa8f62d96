// What has to wait for the card waits in a child.
import test from 'ava';
import { CardChildren } from '../../src/director/control/card-children.ts';
import { createFake } from '../../src/platform/fake.ts';

const PATIENCE = 15_000;
const RUN = '/run/director';

function world() {
  const platform = createFake({
    files: {
      '/etc/passwd': 'root:x:0:0:root:/:/bin/sh\n',
      '/etc/group': 'root:x:0:\n',
      [`${RUN}/x`]: '',
    },
  });
  const children = new CardChildren(platform, RUN);
  return { platform, children };
}

type World = ReturnType<typeof world>;

/** The words of the script of the one child there is. */
function wordsOf({ platform }: World): readonly string[] {
  const [child, ...others] = [...platform.processes.children.values()];
  if (child === undefined || others.length > 0) throw new Error('not one child');
  return child.args.slice(4);
}

async function end({ platform }: World, status: number): Promise<void> {
  platform.processes.end([...platform.processes.children.keys()][0]!, status);
  await platform.clock.advance(0);
}

test('what is written is in a file that nobody else may read, for as long as it takes', async t => {
  const one = world();
  const { platform, children } = one;
  const written = children.write('sda', '/dev/sda4', Uint8Array.of(1, 2, 3), 4 << 20);
  t.deepEqual(wordsOf(one), ['sda', '/dev/sda4', `${RUN}/card.bytes`, '1024']);
  t.deepEqual([...platform.files.read(`${RUN}/card.bytes`)], [1, 2, 3]);
  await end(one, 0);
  await written;
  t.false(platform.files.exists(`${RUN}/card.bytes`));
});

test('what is read comes from the file that the child has filled', async t => {
  const one = world();
  const read = one.children.read('/dev/sda1', 0, 2);
  t.deepEqual(wordsOf(one), ['/dev/sda1', `${RUN}/card.bytes`, '0', '1']);
  one.platform.files.replace(`${RUN}/card.bytes`, Uint8Array.of(7, 8, 9));
  await end(one, 0);
  t.deepEqual([...(await read)], [7, 8]);
});

test('a card that gives an error is told', async t => {
  const one = world();
  const failed = t.throwsAsync(one.children.write('sda', '/dev/sda4', new Uint8Array(1), 0), {
    message: 'writing to /dev/sda4: it gives an error',
  });
  await end(one, 1);
  await failed;
});

test('one after the other, each until it has ended', async t => {
  const one = world();
  const ended: string[] = [];
  for (const name of ['a', 'b'])
    one.children.run('true', [name], failure => ended.push(`${name} ${failure}`));
  t.deepEqual(wordsOf(one), ['a']);
  await end(one, 0);
  t.deepEqual(wordsOf(one), ['b']);
  await end(one, 0);
  t.deepEqual(ended, ['a null', 'b null']);
});

test('a child that hangs is not ended, not waited for, and no other is started beside it', async t => {
  const one = world();
  const { platform, children } = one;
  const ended: string[] = [];
  const run = (name: string) => children.run('true', [name], failure => ended.push(`${name}: ${failure}`));
  run('a');
  run('b');
  children.whenOver(() => ended.push('over'));
  await platform.clock.advance(PATIENCE);
  run('c');
  await platform.clock.advance(PATIENCE);
  const stuck = 'an earlier attempt is still waiting for the card';
  t.deepEqual(ended, ['a: no answer within 15 s', `b: ${stuck}`, `c: ${stuck}`]);
  t.deepEqual(wordsOf(one), ['a']);
  await end(one, 0);
  t.is(ended.at(-1), 'over');
  run('d');
  await end(one, 0);
  t.is(ended.at(-1), 'd: null');
});
