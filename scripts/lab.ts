// npm start: the lab with the first director's console in this terminal. npm start -- --demo: the same unattended.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demo } from './lab/demo.ts';
import { answersPerServer } from './lab/gap.ts';
import { type Lab, services, startLab, untilServed } from './lab/lab.ts';
import { checkNamespaces, enter, isInside } from './lab/namespace.ts';
import { checkTap } from './lab/network.ts';
import { webs } from './lab/plan.ts';
import { attachTerminal } from './lab/terminal.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');

function usage(problem: string): never {
  console.error(`${problem}\nusage: npm start [-- --demo]`);
  process.exit(2);
}

function readArguments(): { demo: boolean } {
  try {
    const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } });
    return values;
  } catch (error) {
    usage(error instanceof Error ? error.message : String(error));
  }
}

/** The image is built out here, where there is a network to fetch sources from. */
function buildImage(): void {
  const build = spawnSync(process.execPath, [join(root, 'image/main.ts'), 'net4801', '--out', out], {
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(1);
}

/** Seconds for which the requests are shown before the console takes the terminal. */
const WATCH = 10;

/** Keeps requests coming to both services, and for a while a line with how many each real server has answered. */
async function watchRequests(lab: Lab): Promise<void> {
  const loads = Object.entries(services).map(([name, url]) => ({ name, load: lab.client.load(url, 100) }));
  const terminal = process.stdout.isTTY === true;
  const show = () => {
    const parts = loads.map(({ name, load }) => {
      const counts = [...answersPerServer(load.samples)].map(([server, count]) => `${server} ${count}`);
      return `${name}: ${counts.join(', ')}`;
    });
    process.stdout.write(`${terminal ? '\r\x1b[K' : '\n'}requests answered, ${parts.join('; ')}`);
  };
  const timer = setInterval(show, terminal ? 200 : 2000);
  await new Promise<void>(resolve => setTimeout(resolve, WATCH * 1000));
  clearInterval(timer);
  console.log('\n(the requests go on)');
}

const wanted = readArguments();
if (!isInside()) {
  try {
    checkNamespaces();
    checkTap();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
  buildImage();
  await enter();
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  console.log('lab: two directors in QEMU, two web servers and a client, in a private network');
  const lab = await startLab({
    image: join(out, 'net4801.img'),
    logs: join(out, 'lab'),
    note: text => console.log(`lab: ${text}`),
  });
  if (wanted.demo) await demo(lab);
  else {
    for (const url of Object.values(services)) await untilServed(lab, url, webs.length, 60_000);
    await watchRequests(lab);
    const [first] = lab.directors;
    if (!first) throw new Error('no director');
    await first.shell.logout();
    console.log(
      `This is the serial console of ${first.plan.name}. Log in as root with the password ${lab.password}`,
    );
    console.log('and try: ipvsadm -Ln, director status, director vrrp. Ctrl-] ends the lab.\n');
    await attachTerminal(first.machine);
    console.log('\nlab: removed');
  }
  process.exit(0);
} catch (error) {
  console.error(`\nlab: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
