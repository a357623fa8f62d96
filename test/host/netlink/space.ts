// Network namespaces in which the director's netlink runs beside iproute2 and nft.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from '../../../image/bundle.ts';
import { boardCompiler, hostProgram } from '../../../image/host.ts';
import { requireInside } from '../../../scripts/lab/namespace.ts';
import { context, root } from '../quickjs/run.ts';

let binary = '';
let spaces = 0;

/** Builds script.ts into the host program: before all tests. */
export async function buildScript(): Promise<void> {
  requireInside();
  const script = await bundle(root, { file: 'test/host/netlink/script.ts' });
  const { path } = await hostProgram(
    context,
    await boardCompiler(context),
    { main: script },
    'director-netlink',
  );
  binary = join(path, 'director');
}

/** A network namespace with a pair of interfaces, va (up, 02:00:00:00:00:01) and vb (down). */
export function space() {
  // Each test file has its own process.
  const name = `netlink${process.pid}-${spaces++}`;
  execFileSync('ip', ['netns', 'add', name]);
  const inside = (...command: string[]) =>
    execFileSync('ip', ['netns', 'exec', name, ...command], { encoding: 'utf8' });
  const ip = (words: string) => inside('ip', ...words.split(' '));
  ip('link add va address 02:00:00:00:00:01 type veth peer name vb');
  ip('link set va up');
  /** What the script tells, line by line. */
  const director = (command: string, argument: unknown = null) =>
    inside(binary, command, JSON.stringify(argument))
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  const start = (command: string, argument: unknown = null) =>
    spawn('ip', ['netns', 'exec', name, binary, command, JSON.stringify(argument)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const nft = () => inside('/usr/sbin/nft', 'list', 'ruleset').replaceAll('\t', '  ');
  const addresses = (link: string) =>
    JSON.parse(ip(`-j addr show dev ${link}`))[0]
      .addr_info.filter((each: { scope: string }) => each.scope === 'global')
      .map((each: { local: string; prefixlen: number }) => `${each.local}/${each.prefixlen}`);
  const routes = () =>
    [...JSON.parse(ip('-j -4 route show proto 218')), ...JSON.parse(ip('-j -6 route show proto 218'))].map(
      ({ dst, gateway, dev }) => `${dst} ${gateway ?? 'direct'} ${dev}`,
    );
  return { addresses, director, inside, ip, nft, routes, start };
}

/** Whether the kernel of this machine can make VLANs. */
export function hasVlans(): boolean {
  requireInside();
  const { ip } = space();
  try {
    ip('link add link va name va.6 type vlan id 6');
    return true;
  } catch {
    return false;
  }
}
