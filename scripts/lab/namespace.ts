// A private corner of the machine for the lab and the tests: own network, mounts, processes and host name, gone with its first process.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const MARK = 'COMPACT_DIRECTOR_INSIDE';

/** True in a process that `enter` or `insideCommand` started. */
export function isInside(): boolean {
  return process.env[MARK] === '1';
}

/**
 * What a test under test/host or test/lab calls first. Outside of the private namespaces it would change the machine.
 * Throws an error that says how to run it.
 */
export function requireInside(): void {
  if (isInside()) return;
  throw new Error(
    'changes network settings: run it as `node scripts/test.ts FILE`, which gives it a private network',
  );
}

// The first process inside. /run is where ip(8) keeps its names of network namespaces; `scratch` for everything else.
const FIRST = `
mount -t tmpfs -o mode=755 run /run && mkdir -p /run/netns /run/scratch && ip link set lo up || exit 1
"$@"
exit $?`;

/**
 * The argument vector that runs `command` in private namespaces, as root there. Needs root, or user namespaces. All processes
 * inside end with the command, and also when the process that started it ends in whatever way.
 */
export function insideCommand(command: readonly string[]): string[] {
  const root = process.getuid?.() === 0;
  // What must not reach the machine even by mistake: its clock, its kernel, its raw hardware.
  const without = root ? ['--bounding-set', '-sys_time,-sys_boot,-sys_module,-sys_rawio'] : [];
  const user = root ? [] : ['--user', '--map-root-user'];
  return [
    ...['/usr/bin/setpriv', ...without, '--pdeathsig', 'KILL'],
    ...['unshare', ...user, '--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...['env', `${MARK}=1`, `PATH=${process.env.PATH ?? ''}:/usr/sbin:/sbin`],
    ...['sh', '-c', FIRST, 'sh', ...command],
  ];
}

/** Throws an error that tells what to do when this machine does not let us make namespaces. */
export function checkNamespaces(): void {
  const [program = '', ...args] = insideCommand(['true']);
  const result = spawnSync(program, args, { encoding: 'utf8' });
  if (result.status === 0) return;
  throw new Error(
    `cannot make a private network: ${result.stderr || result.error?.message}
Run this as root (sudo), or allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 on Debian,
kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu.`,
  );
}

/** Runs `command` in private namespaces, in this terminal, and ends this process with its status. */
export function continueInside(command: readonly string[]): Promise<never> {
  const [program = '', ...args] = insideCommand(command);
  const child = spawn(program, args, { stdio: 'inherit' });
  const end = () => void child.kill('SIGKILL');
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // The terminal's ctrl-C reaches those inside as well: they end in their own way.
  process.on('SIGINT', () => {});
  // npm may be killed without a word to us.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 500);
  return new Promise((_, reject) => {
    child.on('error', reject);
    child.on('close', status => process.exit(status ?? 1));
  });
}

/** Runs this script again in private namespaces and ends with it; returns only when it is inside already. */
export async function enter(): Promise<void> {
  if (isInside()) return;
  checkNamespaces();
  await continueInside([process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
}

/** Makes a network namespace with a name, its loopback up; one that had the name before loses it. Inside only. */
export function addNamespace(name: string): void {
  requireInside();
  if (existsSync(`/run/netns/${name}`)) execFileSync('ip', ['netns', 'delete', name]);
  execFileSync('ip', ['netns', 'add', name]);
  execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
}

/** The argument vector that runs `command` in a named network namespace; its pid is the command's own. */
export function inNamespace(name: string, command: readonly string[]): [string, ...string[]] {
  return ['nsenter', `--net=/run/netns/${name}`, ...command];
}
