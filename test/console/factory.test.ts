// What a long press on the reset button makes of the next boot.
import test from 'ava';
import { asksForFactory } from '../../src/director/console/factory.ts';
import { isFactoryWished, wishForFactory } from '../../src/director/hardware/wish.ts';
import { createFake } from '../../src/platform/fake.ts';
import { pass } from '../ipc/unix-network.ts';

const MEMORY = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';

function world(isWished: boolean, ...typed: readonly string[]) {
  const platform = createFake({ files: { [MEMORY]: new Uint8Array(114), '/dev/null': '' } });
  platform.files.makeFifo('/dev/console', 0o600);
  platform.files.typed.set('/dev/console', [...typed]);
  if (isWished) wishForFactory(platform, true);
  const said: string[] = [];
  let decided: boolean | null = null;
  const ask = async (milliseconds: number) => {
    asksForFactory(platform, text => said.push(text)).then(answer => {
      decided = answer;
    });
    await pass(platform, milliseconds);
    return decided;
  };
  return { platform, said, ask, shown: () => platform.files.drainFifo('/dev/console') };
}

test('without a wish nothing is asked', async t => {
  const { ask, shown, said } = world(false, 'yes\n');
  t.false(await ask(0));
  t.is(shown(), '');
  t.deepEqual(said, []);
});

test('yes means yes, in one piece or in several', async t => {
  for (const typed of [['yes\n'], ['y\r'], [' Yes \n'], ['y', 'es', '\n']]) {
    const { ask, shown, said, platform } = world(true, ...typed);
    t.true(await ask(1000));
    t.regex(shown(), /start with the factory configuration, .*\nNothing on the card/);
    t.deepEqual(said, ['the factory configuration, as the reset button asked']);
    t.false(isFactoryWished(platform));
  }
});

test('anything else means no', async t => {
  for (const typed of [['no\n'], ['\n'], ['yesterday\n'], ['\u0000\n']]) {
    const { ask, platform } = world(true, ...typed);
    t.false(await ask(1000));
    t.false(isFactoryWished(platform));
  }
});

test('who says nothing keeps what was committed, and is not asked again', async t => {
  const { ask, said, platform } = world(true, 'y');
  t.is(await ask(29_000), null);
  await pass(platform, 2000);
  t.deepEqual(said, ['nobody said yes to the factory configuration']);
  t.false(isFactoryWished(platform));
  t.false(await ask(0));
});

test('without a console nobody can be asked', async t => {
  const { ask, platform } = world(true);
  platform.files.failures.set('/dev/console', 'ENXIO');
  t.false(await ask(0));
});
