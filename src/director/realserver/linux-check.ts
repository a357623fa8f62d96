// The script that tells on a Linux host whether it is ready as a real server.
import { familyOf } from '../address.ts';
import type { Duty, Listening, TunnelDuty, WayBack } from './duty.ts';
import { homesOf, interfaceOf, tunnelDevice } from './linux-device.ts';
import { alone } from './recipe.ts';

/** POSIX sh with ip(8); what listens is seen where ss(8) is there. */
export function linuxCheck(duty: Duty): string {
  const { address, direct, tunnels, wayBack, listening } = duty;
  const isQuiet = [...direct, ...tunnels.map(each => each.address)].some(each => familyOf(each) === 4);
  const parts = [
    HEAD,
    `dev=$(${interfaceOf(address)})`,
    `verify "${address} is an address of this host" [ -n "$dev" ]`,
    ...(isQuiet ? QUIET : []),
    ...[...homesOf(duty)].flatMap(([each, homes]) => addressLines(each, homes)),
    ...new Set(tunnels.flatMap(each => tunnelLines(address, each))),
    ...(wayBack === null ? [] : wayBackLines(address, wayBack)),
    ...listening.filter(({ protocol }) => protocol !== 'SCTP').map(listeningLine),
    TAIL,
  ];
  return `${parts.join('\n')}\n`;
}

const HEAD = `#!/bin/sh
# Is this host ready as a real server? Ends with 0 when it is, else with 1.
bad=0
verify() {
  what=$1
  shift
  if "$@"; then echo "ok       $what"; else echo "MISSING  $what"; bad=1; fi
}
# setting NAME INTERFACE: what is in force, the greater of two
setting() {
  all=$(cat "/proc/sys/net/ipv4/conf/all/$1" 2>/dev/null || echo 0)
  own=$(cat "/proc/sys/net/ipv4/conf/$2/$1" 2>/dev/null || echo 0)
  if [ "$own" -gt "$all" ]; then echo "$own"; else echo "$all"; fi
}
# has ADDRESS/PREFIX INTERFACE
has() { ip -o address show dev "$2" 2>/dev/null | grep -qF " $1 "; }
# only ADDRESS INTERFACE|...: no other interface has it, which would answer for it
only() { ! ip -o address show to "$1" | grep -qvE "^[0-9]*: ($2) "; }
# defaults FAMILY GATEWAY: the first of the default routes, which counts
defaults() { ip -"$1" route show default | head -n 1 | grep -qF " via $2 "; }
is_up() { [ -n "$(ip -o link show dev "$1" up 2>/dev/null)" ]; }
takes_gue() { ip fou show 2>/dev/null | grep -qE "port $1( |$)"; }
empty() { [ -z "$("$@" 2>/dev/null)" ]; }
# listens t|u PORT ADDRESS...
listens() {
  command -v ss >/dev/null || return 0
  found=$(ss -Hln"$1" "sport = :$2")
  port=$2
  shift 2
  for each in "$@"; do
    case $found in *" $each:$port "* | *" $each%"*":$port "*) return 0 ;; esac
  done
  return 1
}`;

const TAIL = 'exit $bad';

const QUIET = [
  'verify "questions for virtual addresses are not answered (arp_ignore)" [ "$(setting arp_ignore "$dev")" -ge 1 ]',
  'verify "nothing is asked in their name (arp_announce)" [ "$(setting arp_announce "$dev")" -eq 2 ]',
];

function addressLines(address: string, homes: readonly string[]): string[] {
  return [
    ...homes.map(name => `verify "${alone(address)} is on ${name}" has ${alone(address)} ${name}`),
    `verify "${address} is on no other interface" only ${address} '${homes.join('|')}'`,
  ];
}

function tunnelLines(own: string, tunnel: TunnelDuty): string[] {
  const { name } = tunnelDevice(own, tunnel);
  const lines = [`verify "${name} is up" is_up ${name}`];
  if (familyOf(tunnel.address) === 4) {
    const condition = `[ "$(setting rp_filter ${name})" -ne 1 ]`;
    lines.push(`verify "packets of clients are let out of ${name} (rp_filter)" ${condition}`);
  }
  if (tunnel.type === 'gue')
    lines.push(`verify "UDP port ${tunnel.port} takes GUE" takes_gue ${tunnel.port}`);
  return lines;
}

function wayBackLines(own: string, { gateway, ownNetworks }: WayBack): string[] {
  const family = familyOf(own);
  const director = gateway ?? 'GATEWAY';
  const lines = [`verify "answers go through ${director}" defaults ${family} ${director}`];
  for (const { address, prefix } of ownNetworks) {
    const network = `${address}/${prefix}`;
    const routes = `ip -${family} route show exact ${network}`;
    lines.push(`verify "hosts of ${network} are not answered directly" empty ${routes}`);
  }
  if (ownNetworks.length > 0 && family === 4) {
    lines.push('verify "redirects are not believed" [ "$(setting accept_redirects "$dev")" -eq 0 ]');
  }
  return lines;
}

function listeningLine({ protocol, address, port }: Listening): string {
  const any = familyOf(address) === 4 ? '"0.0.0.0" "*" "[::]" ' : '"*" "[::]" ';
  const own = familyOf(address) === 4 ? `"${address}"` : `"[${address}]"`;
  const kind = protocol === 'TCP' ? 't' : 'u';
  const what = `a daemon listens for ${protocol} on ${own.slice(1, -1)}:${port}`;
  return `verify "${what}" listens ${kind} ${port} ${any}${own}`;
}
