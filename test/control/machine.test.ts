import test from 'ava';
import { createMachine, type Part } from '../../src/director/control/machine.ts';
import { createFake } from '../../src/platform/fake.ts';
import { pass } from '../ipc/unix-network.ts';
import { sampleConfig } from './sample.ts';

/** A kernel of which a part is one value. */
function world() {
  const platform = createFake();
  const kernel = { network: 'nothing', filter: 'nothing', kernel: 'nothing' };
  const failures = new Set<string>();
  const said: string[] = [];
  const parts = (['kernel', 'network', 'filter'] as const).map(
    (name): Part => ({
      name,
      async plan(config) {
        const wanted = config === null ? 'nothing' : (config.globals.routerId ?? 'default');
        return {
          changes: kernel[name] === wanted ? [] : [`${kernel[name]} becomes ${wanted}`],
          async apply() {
            if (failures.has(name)) throw new Error('refused');
            kernel[name] = wanted;
          },
        };
      },
    }),
  );
  const log = {
    info: (text: string) => said.push(text),
    warn: (text: string) => said.push(text),
    error: (text: string) => said.push(text),
  };
  return { platform, kernel, failures, said, machine: createMachine(platform, parts, log) };
}

const named = (routerId: string) => sampleConfig({ globals: { routerId } });

test('a configuration is carried out, and planned before without a change', async t => {
  const { machine, kernel, said } = world();
  t.deepEqual(await machine.plan(named('a')), {
    network: ['nothing becomes a'],
    filter: ['nothing becomes a'],
    kernel: ['nothing becomes a'],
    tuning: [],
  });
  t.is(kernel.network, 'nothing');
  await machine.enforce(named('a'));
  t.deepEqual(kernel, { network: 'a', filter: 'a', kernel: 'a' });
  t.deepEqual(machine.repairs, { network: 0, filter: 0, kernel: 0, tuning: 0 });
  t.deepEqual(said, []);
});

test('what somebody else changes is put right, counted and told', async t => {
  const { platform, machine, kernel, said } = world();
  await machine.enforce(named('a'));
  kernel.filter = 'flushed';
  await pass(platform, 5000);
  t.is(kernel.filter, 'a');
  t.deepEqual(machine.repairs, { network: 0, filter: 1, kernel: 0, tuning: 0 });
  t.deepEqual(said, ['filter was changed by somebody else, put right: flushed becomes a']);
  await pass(platform, 60_000);
  t.is(said.length, 1);
});

test('a change of the configuration is no repair', async t => {
  const { platform, machine } = world();
  await machine.enforce(named('a'));
  await machine.enforce(named('b'));
  await pass(platform, 20_000);
  t.deepEqual(machine.repairs, { network: 0, filter: 0, kernel: 0, tuning: 0 });
});

test('what fails is told once, tried again, and keeps nothing else from being done', async t => {
  const { platform, machine, kernel, failures, said } = world();
  failures.add('network');
  await machine.enforce(named('a'));
  await pass(platform, 20_000);
  t.deepEqual(kernel, { network: 'nothing', filter: 'a', kernel: 'a' });
  t.deepEqual(machine.troubles, ['network: refused']);
  t.deepEqual(said, ['network: refused']);
  failures.clear();
  await pass(platform, 5000);
  t.is(kernel.network, 'a');
  t.deepEqual(machine.troubles, []);
  t.is(machine.repairs.network, 0);
});

test('at the end only the filter is taken back', async t => {
  const { platform, machine, kernel } = world();
  await machine.enforce(named('a'));
  await machine.withdraw();
  await pass(platform, 60_000);
  t.deepEqual(kernel, { network: 'a', filter: 'nothing', kernel: 'a' });
});
