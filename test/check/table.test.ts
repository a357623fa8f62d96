import test from 'ava';
import { createTable, type TableAccess } from '../../src/director/check/table.ts';
import { desiredTable } from '../../src/director/ipvs/desired.ts';
import type { IpvsChange } from '../../src/director/ipvs/plan.ts';
import type {
  ActualDestination,
  ActualTable,
  IpvsService,
  IpvsTable,
} from '../../src/director/ipvs/table.ts';
import { destinationId, serviceId, tableOf } from '../../src/director/ipvs/table.ts';
import { NetlinkError } from '../../src/netlink/errors.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, virtualServer } from '../control/sample.ts';
import { pass, settle } from '../ipc/unix-network.ts';

/** A kernel with a table; addresses in `refused` are not taken. */
class FakeKernel implements TableAccess {
  entries: { service: IpvsService; destinations: ActualDestination[] }[] = [];
  readonly refused = new Set<string>();
  missing = false;
  reads = 0;
  applied: string[] = [];

  async read(): Promise<ActualTable> {
    this.reads++;
    return tableOf(this.entries);
  }

  async apply(changes: readonly IpvsChange[]) {
    const refusals: { change: IpvsChange; error: NetlinkError }[] = [];
    for (const change of changes) {
      this.applied.push(change.kind);
      if ('destination' in change && this.refused.has(change.destination.address)) {
        refusals.push({ change, error: new NetlinkError('EINVAL', 'no') });
      } else {
        this.#carryOut(change);
      }
    }
    return refusals;
  }

  close(): void {}

  #carryOut(change: IpvsChange): void {
    if (!('destination' in change)) {
      const id = serviceId(change.service.key);
      const at = this.entries.findIndex(({ service }) => serviceId(service.key) === id);
      if (change.kind === 'add service') this.entries.push({ service: change.service, destinations: [] });
      else if (change.kind === 'delete service') this.entries.splice(at, 1);
      else this.entries[at] = { ...this.entries[at]!, service: change.service };
      return;
    }
    const entry = this.entries.find(({ service }) => serviceId(service.key) === serviceId(change.key))!;
    const others = entry.destinations.filter(
      each => destinationId(each) !== destinationId(change.destination),
    );
    const live = { ...change.destination, activeConnections: 3, inactiveConnections: 4, connections: 5 };
    entry.destinations = change.kind === 'delete destination' ? others : [...others, live];
  }

  /** Addresses and weights, short. */
  get text(): string {
    const destinations = this.entries.flatMap(entry => entry.destinations);
    return destinations.map(({ address, weight }) => `${address}=${weight}`).join(' ');
  }
}

function wanted(...addresses: string[]): IpvsTable {
  const servers = addresses.map(address => ({
    config: realServer(address),
    state: { state: 'up' as const },
  }));
  return desiredTable([{ config: virtualServer([]), servers }]);
}

function world() {
  const platform = createFake();
  const kernel = new FakeKernel();
  const said: string[] = [];
  const note = (text: string) => {
    said.push(text);
  };
  const log = { info: note, warn: note, error: note };
  const open = async () => {
    if (kernel.missing) throw new NetlinkError('ENOENT', 'this kernel has no IPVS');
    return kernel;
  };
  return { platform, kernel, said, table: createTable(platform, open, log) };
}

test('what is wanted is brought about, many changes in one step', async t => {
  const { platform, kernel, table } = world();
  table.keep(() => wanted('10.0.0.1'));
  table.keep(() => wanted('10.0.0.1', '10.0.0.2'));
  await settle(platform);
  t.is(kernel.text, '10.0.0.1=1 10.0.0.2=1');
  t.deepEqual(kernel.applied, ['add service', 'add destination', 'add destination']);
  t.is(table.repairs, 0);
  t.is(table.trouble, null);
});

test('a later change needs no reading', async t => {
  const { platform, kernel, table } = world();
  table.keep(() => wanted('10.0.0.1'));
  await settle(platform);
  const reads = kernel.reads;
  table.keep(() => wanted('10.0.0.2'));
  await settle(platform);
  t.is(kernel.text, '10.0.0.2=1');
  t.is(kernel.reads, reads);
  t.deepEqual([...table.actual!.values()][0]!.destinations.get('10.0.0.2:80')?.activeConnections, 0);
  await pass(platform, 5000);
  t.deepEqual([...table.actual!.values()][0]!.destinations.get('10.0.0.2:80')?.activeConnections, 3);
  t.is(table.repairs, 0);
});

test('what somebody else changes is repaired, counted and told', async t => {
  const { platform, kernel, said, table } = world();
  table.keep(() => wanted('10.0.0.1', '10.0.0.2'));
  await settle(platform);
  kernel.entries[0]!.destinations.pop();
  await pass(platform, 5000);
  t.is(kernel.text, '10.0.0.1=1 10.0.0.2=1');
  t.is(table.repairs, 1);
  t.deepEqual(said, [
    'the table was changed by somebody else, put right: add 10.0.0.2:80 to TCP 10.0.0.100:80: DR, weight 1',
  ]);
  await pass(platform, 60_000);
  t.is(table.repairs, 1);
});

test('what the kernel refuses is a trouble until it takes it, and no drift', async t => {
  const { platform, kernel, said, table } = world();
  kernel.refused.add('10.0.0.2');
  table.keep(() => wanted('10.0.0.1', '10.0.0.2'));
  await settle(platform);
  t.is(kernel.text, '10.0.0.1=1');
  t.regex(table.trouble ?? '', /^add 10\.0\.0\.2:80 to TCP 10\.0\.0\.100:80/);
  await pass(platform, 20_000);
  t.is(said.length, 1);
  kernel.refused.clear();
  await pass(platform, 5000);
  t.is(kernel.text, '10.0.0.1=1 10.0.0.2=1');
  t.is(table.trouble, null);
  t.is(table.repairs, 0);
});

test('a change on top of drift that nobody has seen yet ends right', async t => {
  const { platform, kernel, table } = world();
  table.keep(() => wanted('10.0.0.1'));
  await settle(platform);
  kernel.entries = [];
  table.keep(() => wanted('10.0.0.1', '10.0.0.2'));
  await pass(platform, 5000).catch(() => {});
  await pass(platform, 5000);
  t.is(kernel.text, '10.0.0.1=1 10.0.0.2=1');
});

test('a kernel without IPVS is a trouble, told once, and tried again', async t => {
  const { platform, kernel, said, table } = world();
  kernel.missing = true;
  table.keep(() => wanted('10.0.0.1'));
  await pass(platform, 30_000);
  t.is(table.trouble, 'ENOENT: this kernel has no IPVS');
  t.deepEqual(said, ['IPVS: ENOENT: this kernel has no IPVS']);
  kernel.missing = false;
  await pass(platform, 5000);
  t.is(kernel.text, '10.0.0.1=1');
  t.is(table.trouble, null);
});

test('at the end the table is left as told, and left alone', async t => {
  const { platform, kernel, table } = world();
  table.keep(() => wanted('10.0.0.1'));
  await settle(platform);
  const left = table.leave(new Map());
  await settle(platform);
  await left;
  t.deepEqual(kernel.entries, []);
  const reads = kernel.reads;
  await pass(platform, 60_000);
  t.is(kernel.reads, reads);
});
