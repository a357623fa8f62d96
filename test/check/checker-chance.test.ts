// Checkers that chance leads through hours of failures, orders, reloads and restarts: what must hold at every moment.
import test, { type ExecutionContext } from 'ava';
import type { RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import type { Order, RealServerStatus, ServiceEvent, ServiceStatus } from '../../src/director/protocol.ts';
import { virtualServer } from '../control/sample.ts';
import { Random } from '../simulation/random.ts';
import { checked, startChecker, type World } from './checker.ts';

const SEED = Number(process.env.SEED ?? 20261121);
const RUNS = 6;
const STEPS = 60;
const MOST = 5;
const SORRY = 9;

function chooseServer(random: Random, number: number): RealServerConfig {
  return checked(number, {
    weight: random.pick([0, 1, 3, 10, 100]),
    ...(random.chance(0.3) && { inhibitsOnFailure: true as const }),
  });
}

function chooseService(random: Random): VirtualServerConfig {
  const numbers = Array.from({ length: MOST }, (_, at) => at + 1).filter(() => random.chance(0.8));
  const { address, port, forwarding, checks } = checked(SORRY);
  const weight = random.pick([1, 5, 20]);
  return virtualServer(
    numbers.map(number => chooseServer(random, number)),
    {
      ...(random.chance(0.5) && {
        quorum: { weight, hysteresis: random.integer(0, weight - 1), onUp: null, onDown: null },
      }),
      ...(random.chance(0.5) && {
        sorryServer: { address, port, forwarding, checks, inhibits: random.chance(0.5) },
      }),
      ...(random.chance(0.5) && { slowStart: random.pick([500, 5000, 60_000]) }),
      ...(random.chance(0.5) && {
        flapDamping: { penalty: 1000, halfLife: 60_000, suppress: 2000, reuse: 750 },
      }),
      ...(random.chance(0.3) && { drainTimeout: random.pick([null, 10_000]) }),
    },
  );
}

class Course {
  readonly random: Random;
  world: World = startChecker();
  config: VirtualServerConfig;
  orders: Order[] = [];
  /** The last that was told of each. */
  readonly told = new Map<string, ServiceEvent>();

  constructor(seed: number) {
    this.random = new Random(seed);
    this.config = chooseService(this.random);
  }

  get slice() {
    return { orders: this.orders, maintenanceDirectory: '/maintenance' };
  }

  async step(): Promise<string> {
    const { random, world } = this;
    const number = random.integer(1, MOST);
    const server = `10.0.0.${number}`;
    switch (random.integer(0, 9)) {
      case 0:
      case 1:
      case 2:
        world.bad(number);
        return `${server} fails`;
      case 3:
      case 4:
        world.good(number, random.pick([number, SORRY]));
        return `${server} works`;
      case 5: {
        const kind = random.pick(['drain', 'drain', 'undrain', 'maintain', 'resume', 'forgive'] as const);
        const at = world.platform.clock.wall();
        const order: Order = { kind, server, at, ...(random.chance(0.5) && { timeout: 5000 }) };
        this.orders.push(order);
        world.checker.order(order);
        return `${kind} ${server}`;
      }
      case 6: {
        const path = `/maintenance/${server}`;
        const isThere = world.platform.files.exists(path);
        if (isThere) world.platform.files.remove(path);
        else world.platform.files.replace(path, '');
        return `${path} ${isThere ? 'goes' : 'comes'}`;
      }
      case 7:
        world.connect(number, random.integer(0, 1), random.integer(0, 1), 0);
        return `connections of ${server}`;
      case 8:
        if (random.chance(0.5)) this.config = chooseService(random);
        await world.configure(this.config, this.slice);
        return 'reload';
      default:
        world.bad(SORRY);
        return 'the sorry server fails';
    }
  }

  /** Another process takes over what this one has left in the kernel. */
  async restart(): Promise<void> {
    const before = this.world;
    const next = startChecker(before.ipvs);
    const { clock } = before.platform;
    next.platform.clock.setWall(clock.wall());
    for (const directory of ['/bad', '/maintenance']) {
      for (const name of before.platform.files.list(directory)) {
        const path = `${directory}/${name}`;
        next.platform.files.replace(path, before.platform.files.readText(path));
      }
    }
    this.world = next;
    this.told.clear();
    await next.configure(this.config, this.slice);
  }

  async status(): Promise<ServiceStatus> {
    const answer = this.world.checker.status(null);
    await this.world.wait(0);
    return (await answer).services[0]!;
  }
}

const isHeld = ({ state }: RealServerStatus) => state === 'draining' || state === 'maintenance';

/** What must hold whenever nothing is on its way to the kernel. */
function judge(t: ExecutionContext, course: Course, status: ServiceStatus, where: string): void {
  const { config, world } = course;
  const kernel = new Map(
    world
      .table()
      .split(' ')
      .filter(entry => entry !== '')
      .map(entry => entry.split(':').map(Number) as [number, number]),
  );
  const sorry = status.sorryServer;
  const sorryServes = sorry?.state === 'sorry';
  t.is((kernel.get(SORRY) ?? 0) > 0, sorryServes, `${where}: sorry server ${sorry?.state}`);
  if (sorryServes) t.false(status.quorum!.up, where);
  config.realServers.forEach((real, at) => {
    const server = status.realServers[at]!;
    const number = Number(real.address.slice(7));
    const weight = kernel.get(number) ?? null;
    const what = `${where}: ${real.address} ${server.state}, weight ${weight}`;
    if (isHeld(server) || server.state === 'down' || server.state === 'starting' || sorryServes) {
      t.true((weight ?? 0) === 0, what);
    }
    if (server.state === 'draining') t.is(weight, 0, what);
    if (server.state === 'up' && !sorryServes) {
      if (server.rampLeft === undefined) t.is(weight, real.weight, what);
      else t.true(weight! >= Math.min(1, real.weight) && weight! <= real.weight, what);
    }
    if (server.state === 'damped' && (weight ?? 0) > 0) t.true(status.quorum!.up, what);
    const event = course.told.get(`${real.address}:80`);
    t.is(event?.state ?? 'starting', server.state, `${what}, told ${event?.state}`);
  });
}

async function run(t: ExecutionContext, seed: number): Promise<void> {
  const course = new Course(seed);
  const { random } = course;
  await course.world.configure(course.config, course.slice);
  for (let step = 0; step < STEPS; step++) {
    const done = await course.step();
    await course.world.wait(random.pick([50, 3000, 3000, 20_000]));
    for (const event of course.world.events.splice(0)) {
      if (event.isGone) course.told.delete(event.server ?? '');
      else course.told.set(event.server ?? '', event);
    }
    const where = `seed ${seed}, step ${step}, ${done}`;
    judge(t, course, await course.status(), where);
    if (!random.chance(0.05)) continue;
    // Every check has said what it has to say. Penalties are forgotten by a restart.
    await course.world.wait(3000);
    const isDamped = (await course.status()).realServers.some(({ state }) => state === 'damped');
    const table = course.world.table();
    await course.restart();
    if (isDamped) continue;
    t.is(course.world.table(), table, `${where}, restart`);
    for (const event of course.world.events) course.told.set(event.server ?? '', event);
  }
  await heal(t, course, `seed ${seed}, healed`);
}

/** Whatever has happened, what is mended serves again, and then nothing is touched any more. */
async function heal(t: ExecutionContext, course: Course, where: string): Promise<void> {
  const { world, config } = course;
  for (let number = 1; number <= MOST; number++) {
    world.good(number, SORRY);
    if (world.platform.files.exists(`/maintenance/10.0.0.${number}`)) {
      world.platform.files.remove(`/maintenance/10.0.0.${number}`);
    }
    const server = `10.0.0.${number}`;
    world.checker.order({ kind: 'undrain', server, at: world.platform.clock.wall() });
  }
  await world.wait(600_000);
  const status = await course.status();
  for (const server of status.realServers) t.is(server.state, 'up', `${where}: ${server.address}`);
  if (status.quorum!.up) {
    const weights = config.realServers.map(({ address, weight }) => `${address.slice(7)}:${weight}`);
    if (status.sorryServer && config.sorryServer!.inhibits) weights.push(`${SORRY}:0`);
    t.is(world.table(), weights.join(' '), where);
  }
  const commands = world.ipvs.commands.length;
  await world.configure(config, { maintenanceDirectory: '/maintenance' });
  await world.wait(60_000);
  t.is(world.ipvs.commands.length, commands, `${where}: nothing is touched`);
}

test('at every moment the table is what the states of the servers say, and a restart changes none of it', async t => {
  t.log(`SEED=${SEED}`);
  for (let each = 0; each < RUNS; each++) await run(t, SEED + each);
});
