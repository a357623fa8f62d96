// A real server on Windows Server (2012 and later), by PowerShell; Windows keeps what is set.
import { familyOf } from '../address.ts';
import type { Duty, Listening, WayBack } from './duty.ts';
import { NO_GATEWAY, NoRecipe, type Recipe } from './recipe.ts';

/** What the loopback adapter is to be called. */
const ADAPTER = 'LVS';

/** Throws a NoRecipe for tunnels. */
export function windows(duty: Duty): Recipe {
  const { address, direct, tunnels, wayBack } = duty;
  if (tunnels.length > 0)
    throw new NoRecipe('Windows opens no tunnels of this kind: use lvs_method DR or NAT');
  return {
    commands: [
      `$adapter = (Get-NetIPAddress -IPAddress ${address}).InterfaceAlias`,
      ...(direct.length === 0 ? [] : weakHost(direct)),
      ...direct.map(addAddress),
      ...(wayBack === null ? [] : turnBack(address, wayBack)),
    ],
    files: [],
    enabling: [],
    check: checkOf(duty),
    notes: notesOf(duty),
  };
}

/** A packet for one adapter's address is taken from another, and answered through it (the weak host model of RFC 1122). */
function weakHost(direct: readonly string[]): string[] {
  const families = [...new Set(direct.map(familyOf))].sort();
  return families.flatMap(family => [
    `Set-NetIPInterface -InterfaceAlias $adapter -AddressFamily IPv${family} -WeakHostReceive Enabled`,
    `Set-NetIPInterface -InterfaceAlias ${ADAPTER} -AddressFamily IPv${family} -WeakHostReceive Enabled -WeakHostSend Enabled`,
    // Nobody may be asked whether the address is taken: it is, by the director.
    `Set-NetIPInterface -InterfaceAlias ${ADAPTER} -AddressFamily IPv${family} -DadTransmits 0`,
  ]);
}

function addAddress(address: string): string {
  const length = familyOf(address) === 4 ? 32 : 128;
  return `New-NetIPAddress -InterfaceAlias ${ADAPTER} -IPAddress ${address} -PrefixLength ${length} -SkipAsSource $true`;
}

function turnBack(own: string, { gateway, ownNetworks }: WayBack): string[] {
  const everywhere = familyOf(own) === 4 ? '0.0.0.0/0' : '::/0';
  const director = gateway ?? 'GATEWAY';
  const near = ownNetworks.length === 0;
  return [
    ...(near ? [] : [`netsh interface ipv${familyOf(own)} set global icmpredirects=disabled`]),
    ...(near
      ? []
      : [`New-NetRoute -InterfaceAlias $adapter -DestinationPrefix ${host(director)} -RouteMetric 1`]),
    `Remove-NetRoute -DestinationPrefix ${everywhere} -Confirm:$false -ErrorAction SilentlyContinue`,
    `New-NetRoute -InterfaceAlias $adapter -DestinationPrefix ${everywhere} -NextHop ${director}`,
    ...ownNetworks.map(
      ({ address, prefix }) =>
        `Remove-NetRoute -InterfaceAlias $adapter -DestinationPrefix ${address}/${prefix} -Confirm:$false`,
    ),
  ];
}

function host(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function notesOf({ direct, wayBack }: Duty): string[] {
  const notes: string[] = [];
  if (direct.length > 0) {
    notes.push(
      `first add a "Microsoft KM-TEST Loopback Adapter" (hdwwiz: legacy hardware, network adapters) and call it ${ADAPTER}:` +
        ` Get-NetAdapter | Where-Object InterfaceDescription -like "*Loopback*" | Rename-NetAdapter -NewName ${ADAPTER}`,
    );
  }
  if (wayBack?.gateway === null) notes.push(NO_GATEWAY);
  if (wayBack !== null && wayBack.ownNetworks.length > 0) {
    notes.push('Windows brings the route of its own network back at each start: have that line run then');
  }
  return notes;
}

function checkOf({ address, direct, wayBack, listening }: Duty): string {
  const lines = [
    '# Is this host ready as a real server? Ends with 0 when it is, else with 1.',
    '$ErrorActionPreference = "SilentlyContinue"',
    '$bad = 0',
    'function Verify($what, $is) {',
    '  if ($is) { "ok       $what" } else { "MISSING  $what"; $script:bad = 1 }',
    '}',
    `$adapter = (Get-NetIPAddress -IPAddress ${address}).InterfaceAlias`,
    verify(`${address} is an address of this host`, '$adapter'),
    ...direct.flatMap(addressLines),
    ...(wayBack === null ? [] : wayBackLines(address, wayBack)),
    ...listening.map(listeningLine),
    'exit $bad',
  ];
  return `${lines.join('\n')}\n`;
}

function verify(what: string, condition: string): string {
  return `Verify "${what}" (${condition})`;
}

function addressLines(address: string): string[] {
  const family = `-AddressFamily IPv${familyOf(address)}`;
  const length = familyOf(address) === 4 ? 32 : 128;
  const weak = (adapter: string, way: string) =>
    `(Get-NetIPInterface -InterfaceAlias ${adapter} ${family}).${way} -eq "Enabled"`;
  return [
    verify(
      `${address}/${length} is on ${ADAPTER}`,
      `(Get-NetIPAddress -IPAddress ${address} -InterfaceAlias ${ADAPTER}).PrefixLength -eq ${length}`,
    ),
    verify('the adapter takes packets for other adapters', weak('$adapter', 'WeakHostReceive')),
    verify(`${ADAPTER} takes packets from other adapters`, weak(ADAPTER, 'WeakHostReceive')),
    verify(`${ADAPTER} answers through other adapters`, weak(ADAPTER, 'WeakHostSend')),
  ];
}

function wayBackLines(own: string, { gateway, ownNetworks }: WayBack): string[] {
  const everywhere = familyOf(own) === 4 ? '0.0.0.0/0' : '::/0';
  const first = 'Sort-Object { $_.RouteMetric + $_.InterfaceMetric } | Select-Object -First 1';
  const director = gateway ?? 'GATEWAY';
  return [
    verify(
      `answers go through ${director}`,
      `(Get-NetRoute -DestinationPrefix ${everywhere} | ${first}).NextHop -eq "${director}"`,
    ),
    ...ownNetworks.map(({ address, prefix }) =>
      verify(
        `hosts of ${address}/${prefix} are not answered directly`,
        `-not (Get-NetRoute -InterfaceAlias $adapter -DestinationPrefix ${address}/${prefix})`,
      ),
    ),
  ];
}

function listeningLine({ protocol, port }: Listening): string {
  const command = protocol === 'UDP' ? 'Get-NetUDPEndpoint' : 'Get-NetTCPConnection -State Listen';
  return verify(`a program listens for ${protocol} on port ${port}`, `${command} -LocalPort ${port}`);
}
