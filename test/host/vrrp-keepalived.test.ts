// The director beside Debian's keepalived in one group, both ways, in both versions.
import baseTest, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { VrrpInstanceStatus } from '../../src/director/protocol.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { type GroupOptions, group, VIP } from './vrrp/configs.ts';
import { Keepalived, withoutKeepalived } from './vrrp/keepalived.ts';
import { answers, createSegment, holds, neighbour, type Segment, type Station } from './vrrp/segment.ts';

const missing = withoutKeepalived();
const test = missing === null ? baseTest : baseTest.skip;
if (missing !== null) console.error(missing);

const FORMS: readonly Omit<GroupOptions, 'priority'>[] = [
  { version: 2, interval: 1 },
  { version: 3, interval: 0.1 },
];

let binary = '';

baseTest.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Rivals extends Segment {
  /** The director's. */
  readonly ours: Station;
  /** keepalived's. */
  readonly theirs: Station;
  readonly client: Station;
}

function createRivals(): Rivals {
  const segment = createSegment(3);
  const [ours, theirs, client] = segment.stations as [Station, Station, Station];
  return { ...segment, ours, theirs, client };
}

async function instance(director: Director): Promise<VrrpInstanceStatus> {
  const status = await director.vrrp().catch(() => null);
  return status?.instances[0] ?? instance(director);
}

/** Waits until `here` has the address, `there` has not, and packets of the client go `here`. */
async function at(here: Station, there: Station, client: Station): Promise<void> {
  await until(
    () =>
      holds(here, VIP) &&
      !holds(there, VIP) &&
      answers(client, VIP) &&
      neighbour(client, VIP) === here.hardware,
    yes => yes,
  );
}

/** The director keeps hearing keepalived and nobody wins anything. */
async function isCalm(t: ExecutionContext, director: Director, keepalived: Keepalived): Promise<void> {
  const before = await instance(director);
  await until(
    () => instance(director),
    ({ since }) => since > before.since + 4 * before.advertInterval,
  );
  const { trouble, counters } = await instance(director);
  t.is(trouble, null);
  t.is(counters.discarded, 0);
  t.notRegex(keepalived.log, /checksum|invalid|mismatch|bogus|too short|expected/i);
}

for (const form of FORMS) {
  const title = `version ${form.version}, every ${form.interval} s`;

  test(`${title}: keepalived is master, the director backs it up, takes over and gives back`, async t => {
    const { ours, theirs, client } = createRivals();
    const keepalived = new Keepalived(t, theirs, group({ ...form, priority: 150 }));
    const director = new Director(t, binary, ours, group({ ...form, priority: 100 }));
    await at(theirs, ours, client);
    t.like(await instance(director), { state: 'BACKUP', master: { address: theirs.address, priority: 150 } });
    await isCalm(t, director, keepalived);
    await keepalived.stop();
    await at(ours, theirs, client);
    const again = new Keepalived(t, theirs, group({ ...form, priority: 150 }));
    await at(theirs, ours, client);
    t.like(await instance(director), { state: 'BACKUP' });
    await isCalm(t, director, again);
  });

  test(`${title}: the director is master, keepalived backs it up, takes over and gives back`, async t => {
    const { ours, theirs, client } = createRivals();
    const director = new Director(t, binary, ours, group({ ...form, priority: 150 }));
    await director.line(/entering MASTER/);
    const keepalived = new Keepalived(t, theirs, group({ ...form, priority: 100 }));
    await at(ours, theirs, client);
    await isCalm(t, director, keepalived);
    t.notRegex(keepalived.log, /Entering MASTER/);
    director.signal('SIGTERM');
    await director.ended;
    await at(theirs, ours, client);
    const again = new Director(t, binary, ours, group({ ...form, priority: 150 }));
    await at(ours, theirs, client);
    t.is((await instance(again)).counters.becameMaster, 1);
  });

  test(`${title}: a cable that is pulled from keepalived as master, and plugged in again`, async t => {
    const { ours, theirs, client, setCable } = createRivals();
    const keepalived = new Keepalived(t, theirs, group({ ...form, priority: 150 }));
    const director = new Director(t, binary, ours, group({ ...form, priority: 100 }));
    await at(theirs, ours, client);
    setCable(theirs, false);
    await director.line(/entering MASTER/);
    await at(ours, theirs, client);
    setCable(theirs, true);
    await at(theirs, ours, client);
    t.regex(keepalived.log, /Entering MASTER STATE/);
  });
}
