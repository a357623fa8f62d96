// A configuration that is wrong is refused with its place and touches nothing; one that is right changes what differs.
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { INSTANCE, INTERFACE, service, TCP_CHECK } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, until } from './director/director.ts';

const SERVICE = service({ address: '10.9.0.2', check: TCP_CHECK });
const CONFIG = INTERFACE + INSTANCE + SERVICE;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

async function startMaster(t: ExecutionContext): Promise<Director> {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  await until(
    () => director.realServer('10.9.0.2'),
    server => server.state !== 'starting',
  );
  return director;
}

/** Everything that must not change when a configuration is refused. */
async function snapshot(director: Director): Promise<unknown> {
  const { place } = director;
  const status = await director.status();
  return {
    pids: status.roles.map(({ pid }) => pid),
    instances: status.vrrp?.instances.map(({ name, state, priority, virtualAddresses, counters }) => {
      return { name, state, priority, virtualAddresses, becameMaster: counters.becameMaster };
    }),
    services: status.checker?.services.map(({ realServers }) => realServers.map(({ state }) => state)),
    addresses: director.addresses(),
    routes: inside(place.name, 'ip', 'route', 'show'),
    running: readFileSync(`${director.runDirectory}/running.json`, 'utf8'),
  };
}

/** Line and column of the last `text` in a configuration. */
function place(config: string, text: string): string {
  const before = config.slice(0, config.lastIndexOf(text));
  const line = before.split('\n').length;
  return `${line}:${before.length - before.lastIndexOf('\n')}`;
}

const WRONG = [
  { name: 'a misspelt keyword', config: CONFIG.replace('lb_algo rr', 'lb_alog rr'), at: 'lb_alog' },
  { name: 'a bad address', config: CONFIG.replace('10.9.0.100/24', '10.9.0.300/24'), at: '10.9.0.300' },
  { name: 'a duplicate virtual server', config: CONFIG + SERVICE, at: 'virtual_server' },
];

for (const { name, config, at } of WRONG) {
  test(`${name} is refused with its place, and the running director is not touched`, async t => {
    const director = await startMaster(t);
    const before = await snapshot(director);
    const file = director.write('wrong.conf', config);
    const where = place(config, at);
    for (const command of ['plan', 'reload']) {
      const { status, errors, output } = await director.console(command, file);
      t.is(status, 2);
      t.is(output, '');
      t.true(errors.includes(`${file}:${where}: error: `), `${where} in ${errors}`);
      t.deepEqual(await snapshot(director), before);
    }
    // The file it was started with, by signal and by command.
    director.write('site.conf', config);
    const from = director.length;
    director.signal('SIGHUP');
    await director.line(/refused: the running configuration stays in force/, from);
    t.is((await director.console('reload')).status, 2);
    t.deepEqual(await snapshot(director), before);
  });
}

test('a director is not started with a configuration that is wrong', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG.replace('priority 150', 'priority 1500'));
  await director.line(/site\.conf:\d+:\d+: .*1500/);
  t.is(await director.ended, 2);
  t.deepEqual(director.addresses(), []);
});

test('a plan shows what would change and changes nothing, a reload does it and nothing else', async t => {
  const director = await startMaster(t);
  const before = await director.realServer('10.9.0.2');
  const config = CONFIG.replace('10.9.0.100/24', '10.9.0.100/24\n    10.9.0.101/24').replace(
    '10.9.0.1/24',
    '10.9.0.1/24\n  address 10.9.1.1/24',
  );
  const file = director.write('next.conf', config);
  const state = await snapshot(director);
  const plan = await director.console('plan', file);
  t.is(plan.status, 0, plan.errors);
  t.regex(plan.output, /VRRP\n {2}instance web: virtual addresses .*10\.9\.0\.101/);
  t.regex(plan.output, /network\n {2}add 10\.9\.1\.1\/24 on va/);
  t.deepEqual(await snapshot(director), state);

  const reload = await director.console('reload', file);
  t.deepEqual([reload.status, reload.output], [0, plan.output]);
  await until(
    () => director.addresses().sort().join(),
    addresses => addresses === '10.9.0.1/24,10.9.0.100/24,10.9.0.101/24,10.9.1.1/24',
  );
  const [instance] = (await director.vrrp()).instances;
  t.is(instance?.state, 'MASTER');
  t.is(instance?.counters.becameMaster, 1);
  t.true((await director.realServer('10.9.0.2')).since > before.since);
  t.is((await director.status()).configFile, file);
  const again = await director.console('plan', file);
  t.notRegex(again.output, /^(?:VRRP|network|filter|kernel settings)$/m);
});

test('SIGHUP reads the file again', async t => {
  const director = await startMaster(t);
  director.write('site.conf', CONFIG.replace('priority 150', 'priority 120'));
  director.signal('SIGHUP');
  const { instances } = await until(
    () => director.vrrp(),
    status => status.instances[0]?.priority === 120,
  );
  t.is(instances[0]?.state, 'MASTER');
});

test('a control process that is started again goes on with what is in force, whatever the file says', async t => {
  const director = await startMaster(t);
  director.write('site.conf', 'nonsense {');
  const pid = await director.pid('control');
  process.kill(pid, 'SIGKILL');
  const status = await until(
    () => director.status().catch(() => null),
    answer => answer?.configAge !== null && answer?.roles.some(each => each.restarts === 1) === true,
  );
  t.is(status?.vrrp?.instances[0]?.state, 'MASTER');
});

test('what somebody else changes in the network is put right and counted', async t => {
  const director = await startMaster(t);
  inside(director.place.name, 'ip', 'address', 'add', '10.9.7.1/24', 'dev', 'va');
  inside(director.place.name, 'ip', 'address', 'del', '10.9.0.1/24', 'dev', 'va');
  await director.line(/network was changed by somebody else, put right: add 10\.9\.0\.1\/24 on va/);
  t.true(director.addresses().includes('10.9.0.1/24'));
  t.true(director.addresses().includes('10.9.7.1/24'));
  t.is((await director.status()).repairs.network, 1);
});

test("keepalived's words for addresses and routes of the machine itself do what interface blocks do", async t => {
  const route = '198.51.100.0/24 via 10.9.0.2';
  const words = `static_ipaddress {\n10.9.0.1/24 dev va\n}\nstatic_routes {\n${route} dev va\n}\n`;
  const director = new Director(t, binary, createPlace(), words + INSTANCE);
  await director.line(/entering MASTER/);
  t.deepEqual(director.addresses().sort(), ['10.9.0.1/24', '10.9.0.100/24']);
  t.true(inside(director.place.name, 'ip', 'route', 'show').includes(route));
});

test('a plan tells of sync groups and settings, and of programs that are not there', async t => {
  const director = await startMaster(t);
  const more = `vrrp_sync_group both {\ngroup {\nweb\n}\nnotify /no/such/program\n}\n`;
  const file = director.write('group.conf', CONFIG + more);
  const plan = await director.console('plan', file);
  t.is(plan.status, 0, plan.errors);
  t.regex(plan.output, /VRRP\n {2}add sync group both\n/);
  t.regex(plan.errors, /warning: \/no\/such\/program: .*ENOENT/);
});
