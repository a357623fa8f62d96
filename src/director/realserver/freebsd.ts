// A real server on FreeBSD: by ifconfig(8), and from its next start on by rc.conf(5).
import { familyOf } from '../address.ts';
import type { Duty, Listening, WayBack } from './duty.ts';
import { NO_GATEWAY, NoRecipe, type Recipe, type RecipeFile } from './recipe.ts';

/** Throws a NoRecipe for tunnels. */
export function freebsd(duty: Duty): Recipe {
  const { address, direct, tunnels, wayBack } = duty;
  if (tunnels.length > 0) {
    throw new NoRecipe(
      'gif(4) of FreeBSD takes packets of one director alone, not of a pair: use lvs_method DR or NAT',
    );
  }
  return {
    commands: [...direct.map(alias), ...(wayBack === null ? [] : turnBack(address, wayBack))],
    files: filesOf(duty),
    enabling: wayBack === null ? [] : enabling(address, wayBack),
    check: checkOf(duty),
    notes: notesOf(duty),
  };
}

/** FreeBSD is silent about addresses of other interfaces: it needs no more. */
function alias(address: string): string {
  return familyOf(address) === 4
    ? `ifconfig lo0 inet ${address} netmask 255.255.255.255 alias`
    : `ifconfig lo0 inet6 ${address} prefixlen 128 alias`;
}

function turnBack(own: string, { gateway, ownNetworks }: WayBack): string[] {
  const family = familyOf(own) === 4 ? '-inet' : '-inet6';
  const director = gateway ?? 'GATEWAY';
  const setDefault = `route -n change ${family} default ${director} || route -n add ${family} default ${director}`;
  if (ownNetworks.length === 0) return [setDefault];
  return [
    `sysctl ${redirects(own)}`,
    `dev=$(route -n get ${family} ${director} | sed -n 's/^ *interface: //p')`,
    `route -n add ${family} -host ${director} -iface "$dev"`,
    ...ownNetworks.map(({ address, prefix }) => `route -n delete ${family} -net ${address}/${prefix}`),
    setDefault,
  ];
}

function redirects(own: string): string {
  return familyOf(own) === 4 ? 'net.inet.icmp.drop_redirect=1' : 'net.inet6.icmp6.rediraccept=0';
}

function filesOf({ direct }: Duty): RecipeFile[] {
  if (direct.length === 0) return [];
  const aliases = direct.map(each =>
    familyOf(each) === 4 ? `inet ${each}/32` : `inet6 ${each} prefixlen 128`,
  );
  const content = `ifconfig_lo0_aliases="\${ifconfig_lo0_aliases} ${aliases.join(' ')}"\n`;
  return [{ path: '/etc/rc.conf.d/netif', mode: 0o644, content }];
}

function enabling(own: string, { gateway }: WayBack): string[] {
  const name = familyOf(own) === 4 ? 'defaultrouter' : 'ipv6_defaultrouter';
  return [`sysrc ${name}=${gateway ?? 'GATEWAY'}`];
}

function notesOf({ wayBack }: Duty): string[] {
  if (wayBack === null) return [];
  return [
    ...(wayBack.gateway === null ? [NO_GATEWAY] : []),
    ...(wayBack.ownNetworks.length > 0
      ? ['have the commands run at each start (rc.local): rc.conf cannot take its own network away']
      : []),
  ];
}

function checkOf({ address, direct, wayBack, listening }: Duty): string {
  const lines = [
    HEAD,
    verify(`${address} is an address of this host`, `ifconfig | grep -q "inet6* ${address}[ %]"`),
    ...direct.map(each =>
      verify(
        `${each} is on lo0 alone`,
        `test "$(ifconfig | grep -c "inet6* ${each} ")" = 1 && ${onLoopback(each)}`,
      ),
    ),
    ...(wayBack === null ? [] : wayBackLines(address, wayBack)),
    ...listening.map(listeningLine),
    'exit $bad',
  ];
  return `${lines.join('\n')}\n`;
}

const HEAD = `#!/bin/sh
# Is this host ready as a real server? Ends with 0 when it is, else with 1.
bad=0
verify() {
  if eval "$2"; then echo "ok       $1"; else echo "MISSING  $1"; bad=1; fi
}`;

function verify(what: string, condition: string): string {
  return `verify '${what}' '${condition}'`;
}

function onLoopback(address: string): string {
  return familyOf(address) === 4
    ? `ifconfig lo0 | grep -q "inet ${address} netmask 0xffffffff"`
    : `ifconfig lo0 | grep -q "inet6 ${address} prefixlen 128"`;
}

function wayBackLines(own: string, { gateway, ownNetworks }: WayBack): string[] {
  const family = familyOf(own) === 4 ? '-inet' : '-inet6';
  const director = gateway ?? 'GATEWAY';
  const lines = [
    verify(
      `answers go through ${director}`,
      `route -n get ${family} default | grep -q "gateway: ${director}$"`,
    ),
  ];
  for (const { address, prefix } of ownNetworks) {
    const network = `${address}/${prefix}`;
    lines.push(
      verify(`hosts of ${network} are not answered directly`, `! netstat -rn | grep -q "^${network} "`),
    );
  }
  const [name, value] = redirects(own).split('=');
  if (ownNetworks.length > 0)
    lines.push(verify('redirects are not believed', `test "$(sysctl -n ${name})" = ${value}`));
  return lines;
}

function listeningLine({ protocol, address, port }: Listening): string {
  const version = familyOf(address);
  const what = `a daemon listens for ${protocol} on port ${port}`;
  const pattern = `[ ](\\*|${address}):${port} `;
  return verify(what, `sockstat -l -${version} -P ${protocol.toLowerCase()} | grep -qE "${pattern}"`);
}
