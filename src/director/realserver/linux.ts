// A real server on Linux: by iproute2, and from its next start on by systemd.
import { familyOf } from '../address.ts';
import type { Duty, TunnelDuty, WayBack } from './duty.ts';
import { linuxCheck } from './linux-check.ts';
import { interfaceOf, tunnelDevice } from './linux-device.ts';
import { alone, NO_GATEWAY, type Recipe, type RecipeFile } from './recipe.ts';

const SCRIPT = '/usr/local/sbin/lvs-realserver';
const UNIT = '/etc/systemd/system/lvs-realserver.service';

/** Lines that make a host ready, and that undo it. */
interface Steps {
  readonly start: string[];
  readonly stop: string[];
}

/** `hasSystemd`: else nothing is written, and the commands are to be run at each start. */
export function linux(duty: Duty, hasSystemd: boolean): Recipe {
  const steps: Steps = { start: [], stop: [] };
  if (needsQuiet(duty)) beQuiet(steps);
  for (const address of duty.direct) {
    add(steps, `ip address replace ${alone(address)} dev lo`, `ip address delete ${alone(address)} dev lo`);
  }
  for (const tunnel of duty.tunnels) openTunnel(duty.address, tunnel, steps);
  if (duty.wayBack !== null) turnBack(duty.address, duty.wayBack, steps);
  const commands = [...new Set(steps.start)];
  const isKept = hasSystemd && commands.length > 0;
  return {
    commands,
    files: isKept ? filesOf(duty, commands, [...new Set(steps.stop)]) : [],
    enabling: isKept ? ['systemctl daemon-reload', 'systemctl enable lvs-realserver.service'] : [],
    check: linuxCheck(duty),
    notes: [...notesOf(duty), ...(hasSystemd ? [] : ['have the commands run at each start of the host'])],
  };
}

/** IPv6 asks for no such thing: Linux is silent about addresses of other interfaces. */
function needsQuiet({ direct, tunnels }: Duty): boolean {
  return [...direct, ...tunnels.map(({ address }) => address)].some(address => familyOf(address) === 4);
}

/** Nobody else's question about a virtual address is answered here, nor asked in its name. Before the address is there. */
function beQuiet({ start }: Steps): void {
  start.push('sysctl -q -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -q -w net.ipv4.conf.all.arp_announce=2');
}

function openTunnel(own: string, tunnel: TunnelDuty, steps: Steps): void {
  const { name, make, module } = tunnelDevice(own, tunnel);
  if (tunnel.type === 'gue') {
    const receiver = `port ${tunnel.port}${familyOf(own) === 6 ? ' -6' : ''}`;
    steps.start.push('modprobe fou');
    add(steps, `ip fou add ${receiver} gue || true`, `ip fou delete ${receiver}`);
  }
  if (module !== null) steps.start.push(`modprobe ${module}`);
  if (make !== null) add(steps, `ip link show ${name} >/dev/null 2>&1 || ${make}`, `ip link delete ${name}`);
  add(steps, `ip link set ${name} up`, `ip link set ${name} down`);
  // Clients are not reached through the tunnel: their packets must not be dropped for that.
  if (familyOf(tunnel.address) === 4) steps.start.push(`sysctl -q -w net.ipv4.conf.${name}.rp_filter=2`);
  const address = `${alone(tunnel.address)} dev ${name}`;
  const once = familyOf(tunnel.address) === 6 ? ' nodad' : '';
  add(steps, `ip address replace ${address}${once}`, `ip address delete ${address}`);
}

function turnBack(own: string, { gateway, ownNetworks }: WayBack, steps: Steps): void {
  const family = familyOf(own);
  const ip = `ip -${family}`;
  const director = gateway ?? 'GATEWAY';
  if (ownNetworks.length === 0) {
    steps.start.push(`${ip} route replace default via ${director}`);
    return;
  }
  steps.start.push(`dev=$(${interfaceOf(own)})`);
  steps.stop.push(`dev=$(${interfaceOf(own)})`);
  for (const name of ['all', '$dev']) {
    steps.start.push(`sysctl -q -w "net.ipv${family}.conf.${name}.accept_redirects=0"`);
  }
  const scope = family === 4 ? ' scope link' : '';
  add(
    steps,
    `${ip} route replace ${director} dev "$dev"${scope}`,
    `${ip} route delete ${director} dev "$dev"${scope}`,
  );
  steps.start.push(`${ip} route replace default via ${director} dev "$dev"`);
  for (const { address, prefix } of ownNetworks) {
    const route = `${address}/${prefix} dev "$dev"`;
    const source = family === 4 ? ` scope link src ${own}` : '';
    add(
      steps,
      `${ip} route delete ${route} 2>/dev/null || true`,
      `${ip} route replace ${route} proto kernel${source}`,
    );
  }
}

/** Undone in the opposite order. */
function add({ start, stop }: Steps, doing: string, undoing: string): void {
  start.push(doing);
  if (stop[0]?.startsWith('dev=')) stop.splice(1, 0, undoing);
  else stop.unshift(undoing);
}

function filesOf({ name, address }: Duty, start: readonly string[], stop: readonly string[]): RecipeFile[] {
  const indent = (lines: readonly string[]) => lines.map(line => `  ${line}\n`).join('');
  const script = `#!/bin/sh
# What this host needs as the real server ${name ?? address}; made by: director realserver ${name ?? address}
case "$1" in
start)
${indent(start)}  ;;
stop)
${indent(stop)}  ;;
esac
`;
  const unit = `[Unit]
Description=Addresses and routes of a real server
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${SCRIPT} start
ExecStop=${SCRIPT} stop

[Install]
WantedBy=multi-user.target
`;
  return [
    { path: SCRIPT, mode: 0o755, content: script },
    { path: UNIT, mode: 0o644, content: unit },
  ];
}

function notesOf({ wayBack, tunnels, direct }: Duty): string[] {
  const notes: string[] = [];
  if (wayBack !== null) {
    if (wayBack.gateway === null) notes.push(NO_GATEWAY);
    notes.push(
      'where another program sets the default route (ifupdown, netplan, NetworkManager), say it there too',
    );
    if (wayBack.ownNetworks.length > 0)
      notes.push('all of its own network is reached through the director then');
  }
  if (tunnels.length > 0) {
    notes.push('its firewall must let the wrapped packets in; its answers go to the clients directly');
  }
  const gre = tunnels.filter(({ type }) => type === 'gre');
  if (new Set(gre.map(each => each.hasChecksum)).size > 1) {
    notes.push(
      'Linux has one GRE device: it takes packets with checksums or those without, so configure all alike',
    );
  }
  if (direct.length > 0)
    notes.push('its answers go to the clients directly: it needs a default route of its own');
  return notes;
}
