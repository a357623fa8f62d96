import test from 'ava';
import type { InstanceState } from '../../src/director/vrrp/instance.ts';
import { type Testate, Testator } from '../../src/director/vrrp/testator.ts';
import type { Bequest, WillChange } from '../../src/director/vrrp/will.ts';
import { createFake } from '../../src/platform/fake.ts';
import { type Bench, backup, HIGHER, LOWER, master } from './bench.ts';

const BEQUEST: Bequest = {
  held: [],
  advertisement: {
    version: 3,
    virtualRouterId: 51,
    interval: 100,
    addresses: ['10.99.0.100'],
    authentication: { kind: 'none' },
  },
  checksumForm: 'pseudo-header',
  interface: 2,
  source: '10.99.0.2',
  destinations: ['224.0.0.18'],
  hops: 255,
};

class Instance implements Testate {
  readonly config = { name: 'web' };
  readonly bench: Bench;
  interface = 2;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  get state(): InstanceState {
    return this.bench.state;
  }

  bequest(): Bequest | null {
    return this.state.phase === 'MASTER' ? { ...BEQUEST, interface: this.interface } : null;
  }
}

function create() {
  const platform = createFake();
  const changes: WillChange[] = [];
  let isDeaf = false;
  const testator = new Testator(platform, change => {
    if (!isDeaf) changes.push(change);
    return !isDeaf;
  });
  return {
    testator,
    /** What has been told since the last time, after a turn of the loop unless that is false. */
    told(afterATurn = true) {
      if (afterATurn) platform.clock.settle();
      return changes.splice(0).map(({ key, bequest }) => `${key} ${bequest?.interface ?? 'nothing'}`);
    },
    setDeaf(value: boolean) {
      isDeaf = value;
    },
    pass: (milliseconds: number) => platform.clock.advance(milliseconds),
  };
}

function step(testator: Testator, instance: Instance, action: (bench: Bench) => void): void {
  const before = instance.state;
  action(instance.bench);
  testator.stepped(instance, before);
}

test('a will is told when mastership begins and taken back when it ends, each once', t => {
  const { testator, told } = create();
  const instance = new Instance(backup());
  step(testator, instance, bench => bench.pass(1000));
  t.deepEqual(told(), ['1 2']);
  testator.review(instance);
  t.deepEqual(told(), []);
  step(testator, instance, bench => bench.hear(150, HIGHER));
  t.deepEqual(told(), ['1 nothing']);
});

test('neither advertisements of a master nor what a backup hears change a will', t => {
  const { testator, told } = create();
  const instance = new Instance(master());
  testator.review(instance);
  told();
  step(testator, instance, bench => bench.pass(1000));
  step(testator, instance, bench => bench.hear(50, LOWER));
  t.deepEqual(told(), []);
  const other = new Instance(backup());
  step(testator, other, bench => bench.hear(150, HIGHER));
  t.deepEqual(told(), []);
});

test('who is about to end has its will told at once', t => {
  const { testator, told } = create();
  const instance = new Instance(master());
  testator.review(instance);
  told();
  step(testator, instance, bench => bench.send({ kind: 'stop' }));
  testator.flush();
  t.deepEqual(told(false), ['1 nothing']);
  t.deepEqual(told(), []);
});

test('what changes during one turn of the loop is told once, as it is in the end', t => {
  const { testator, told } = create();
  const instance = new Instance(master());
  testator.review(instance);
  instance.interface = 3;
  testator.review(instance);
  t.deepEqual(told(), ['1 3']);
});

test('every instance has its own part, whatever its name', t => {
  const { testator, told } = create();
  const instances = [new Instance(master()), new Instance(master())];
  for (const each of instances) testator.review(each);
  t.deepEqual(told(), ['1 2', '2 2']);
  step(testator, instances[0]!, bench => bench.hear(150, HIGHER));
  t.deepEqual(told(), ['1 nothing']);
});

test('what the supervisor could not take is offered again', t => {
  const { testator, told, setDeaf, pass } = create();
  const instance = new Instance(master());
  setDeaf(true);
  testator.review(instance);
  t.deepEqual(told(), []);
  setDeaf(false);
  pass(1000);
  t.deepEqual(told(), ['1 2']);
});
