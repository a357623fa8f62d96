// The keywords of an instance that say how advertisements travel.
import { familyOf } from '../address.ts';
import { refused, withoutEffect } from './answers.ts';
import type { Globals } from './global.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, choice, integer, interfaceName, multicast } from './types.ts';
import { checkPeers, type Peer, unicastPeers } from './unicast.ts';
import { finishVirtualMac, useVmac } from './virtual-mac.ts';
import { flag, type Keyword, type Located, toggle, type Values, value } from './vocabulary.ts';
import type { UnicastConfig, VrrpInstanceConfig } from './vrrp-config.ts';
import { MULTICAST_GROUP } from './vrrp-defaults.ts';

const CHECKSUMS = ['auto', 'rfc9568', 'keepalived'] as const;

/** Also in `global_defs`. */
export const checksumKeyword = () =>
  value(choice(CHECKSUMS), {
    help: "Checksum of version 3 on IPv4: the RFC's, keepalived's (pseudo-header), or keepalived's until a peer uses the RFC's (auto).",
    example: 'vrrp_checksum rfc9568',
  });

/** keepalived's own old form, before its version 1.3.6. */
const oldUnicastChecksum: Keyword<never, 'last'> = {
  ...refused('old_unicast_checksum', 'delete it, and bring peers older than keepalived 1.3.7 up to date'),
  help: 'Not supported but for never, which is as it is.',
  usage: '[never]',
  read(statement, reading) {
    const example = 'old_unicast_checksum never';
    if (statement.words[1] === 'never') {
      reading.warning(statement, 0, `${example} has no effect here`, 'delete it: the old form is never used');
    } else {
      const advice = 'delete it, and bring peers older than keepalived 1.3.7 up to date';
      reading.error(statement, 0, 'the old checksum of unicast is not supported', advice);
    }
    return undefined;
  },
};

export const transportKeywords = () => ({
  mcast_src_ip: value(address, {
    help: 'Source address of advertisements; the first of the interface unless set.',
    example: 'mcast_src_ip 192.0.2.11',
  }),
  unicast_src_ip: value(address, {
    help: 'The same, with unicast_peer.',
    example: 'unicast_src_ip 192.0.2.11',
  }),
  track_src_ip: flag({
    help: 'Be in FAULT while that source address is not set.',
    example: 'track_src_ip',
  }),
  mcast_dst_ip: value(multicast, {
    help: 'Multicast group that advertisements go to; 224.0.0.18 or ff02::12 unless set.',
    example: 'mcast_dst_ip 224.0.0.18',
  }),
  unicast_peer: unicastPeers,
  unicast_ttl: value(integer(1, 255, 'TTL'), {
    help: 'TTL of advertisements to peers; 255 unless set.',
    example: 'unicast_ttl 255',
  }),
  check_unicast_src: flag({
    help: 'Hear the peers that are listed only.',
    example: 'check_unicast_src',
  }),
  unicast_fault_no_peer: flag({
    help: 'An instance without peers must not fall back to multicast.',
    example: 'unicast_fault_no_peer',
  }),
  native_ipv6: flag({
    help: 'Old: an instance is one for IPv6 when its virtual addresses are.',
    example: 'native_ipv6',
  }),
  vrrp_checksum: checksumKeyword(),
  v3_checksum_as_v2: toggle({
    help: 'The same as vrrp_checksum rfc9568; off as vrrp_checksum keepalived.',
    example: 'v3_checksum_as_v2',
  }),
  old_unicast_checksum: oldUnicastChecksum,
  use_vmac: useVmac,
  vmac_xmit_base: flag({
    help: 'With use_vmac: advertisements leave by the real interface.',
    example: 'vmac_xmit_base',
  }),
  use_vmac_addr: refused(
    'use_vmac_addr',
    'give the addresses on other interfaces (dev) an instance of their own with use_vmac there',
  ),
  use_ipvlan: refused('use_ipvlan ipvl0', 'use use_vmac, or neither: gratuitous ARP moves the addresses'),
  vrf: refused('vrf blue', 'name the interface of the instance: the board has no VRFs'),
  kernel_rx_buf_size: withoutEffect(
    'kernel_rx_buf_size 65536',
    'advertisements are few and read as they come',
  ),
  interface: value(interfaceName, {
    help: 'Interface for the advertisements and the virtual addresses.',
    example: 'interface eth0',
  }),
});

export type TransportValues = Values<ReturnType<typeof transportKeywords>>;

type Transport = Pick<
  VrrpInstanceConfig,
  'sourceAddress' | 'tracksSourceAddress' | 'unicast' | 'multicastGroup' | 'virtualMac' | 'checksum'
>;

/** What else must be known of the instance. */
export interface Group {
  readonly id: number;
  readonly family: 4 | 6;
}

export function finishTransport(
  values: TransportValues,
  globals: Globals,
  { id, family }: Group,
  statement: Statement,
  reading: Reading,
): Transport {
  const sourceAddress = decideSource(values, family, statement, reading);
  const unicast = decideUnicast(values, globals, family, sourceAddress, statement, reading);
  if (values.native_ipv6) {
    const place = placeOf(statement, 'native_ipv6');
    if (family === 4) {
      reading.error(place, 0, 'native_ipv6 with IPv4 virtual addresses', 'delete it');
    } else {
      reading.warning(place, 0, 'native_ipv6 is an old word', 'delete it: the virtual addresses tell');
    }
  }
  return {
    sourceAddress,
    tracksSourceAddress: decideTracking(values, sourceAddress, statement, reading),
    unicast,
    multicastGroup: decideGroup(values, globals, family, unicast !== null, statement, reading),
    virtualMac: finishVirtualMac(
      values,
      globals,
      { id, family, isUnicast: unicast !== null },
      statement,
      reading,
    ),
    checksum: decideChecksum(values, globals),
  };
}

/** The old word gives way to the new one, and the instance's own goes before the global one. */
function decideChecksum(values: TransportValues, globals: Globals): VrrpInstanceConfig['checksum'] {
  const own = values.vrrp_checksum ?? fromFlag(values.v3_checksum_as_v2);
  return own ?? globals.vrrp_checksum ?? fromFlag(globals.v3_checksum_as_v2) ?? 'auto';
}

function fromFlag(isAsVersion2: boolean | undefined): VrrpInstanceConfig['checksum'] | undefined {
  if (isAsVersion2 === undefined) return undefined;
  return isAsVersion2 ? 'rfc9568' : 'keepalived';
}

function decideSource(
  values: TransportValues,
  family: 4 | 6,
  statement: Statement,
  reading: Reading,
): string | null {
  const { mcast_src_ip: multicastSource, unicast_src_ip: unicastSource } = values;
  const place = placeOf(statement, 'mcast_src_ip', 'unicast_src_ip');
  if (multicastSource !== undefined && unicastSource !== undefined && multicastSource !== unicastSource) {
    const message = 'mcast_src_ip and unicast_src_ip set the same source address';
    reading.warning(place, 0, message, 'the last one counts: delete the other');
  }
  const source = place.words[0] === 'unicast_src_ip' ? unicastSource : multicastSource;
  if (source === undefined) return null;
  if (familyOf(source) === family) return source;
  reading.error(
    place,
    1,
    `${source} is not IPv${family}`,
    'the source is of the family of the virtual addresses',
  );
  return null;
}

function decideTracking(
  values: TransportValues,
  source: string | null,
  statement: Statement,
  reading: Reading,
): boolean {
  if (!values.track_src_ip || source !== null) return values.track_src_ip === true;
  const place = placeOf(statement, 'track_src_ip');
  const advice = 'name the address by mcast_src_ip or unicast_src_ip, or delete it';
  reading.warning(place, 0, 'track_src_ip has no effect without a source address', advice);
  return false;
}

function decideUnicast(
  values: TransportValues,
  globals: Globals,
  family: 4 | 6,
  source: string | null,
  statement: Statement,
  reading: Reading,
): UnicastConfig | null {
  const listed: readonly Located<Peer>[] = values.unicast_peer?.flat() ?? [];
  const peers = checkPeers(listed, family, source, reading);
  if (listed.length === 0) {
    complainOfNoPeers(values, statement, reading);
    return null;
  }
  return {
    peers: peers.map(({ address: ip, minimumTtl, maximumTtl }) => ({ address: ip, minimumTtl, maximumTtl })),
    ttl: values.unicast_ttl ?? 255,
    checkSource:
      values.check_unicast_src === true ||
      globals.vrrp_check_unicast_src === true ||
      peers.some(({ hasRange }) => hasRange),
  };
}

/** Without peers keepalived falls back to multicast, unless it must not. */
function complainOfNoPeers(values: TransportValues, statement: Statement, reading: Reading): void {
  if (values.unicast_fault_no_peer) {
    const place = placeOf(statement, 'unicast_fault_no_peer');
    reading.error(place, 0, 'no peer is listed', 'list the other directors in unicast_peer { ... }');
    return;
  }
  for (const word of ['unicast_peer', 'unicast_src_ip', 'unicast_ttl', 'check_unicast_src']) {
    const place = placeOf(statement, word);
    if (place === statement) continue;
    const advice = 'list the other directors in unicast_peer { ... }, or delete it';
    reading.warning(place, 0, `${word} without a peer: multicast is used`, advice);
  }
}

function decideGroup(
  values: TransportValues,
  globals: Globals,
  family: 4 | 6,
  isUnicast: boolean,
  statement: Statement,
  reading: Reading,
): string {
  const general = family === 4 ? globals.vrrp_mcast_group4 : globals.vrrp_mcast_group6;
  const own = values.mcast_dst_ip;
  const place = placeOf(statement, 'mcast_dst_ip');
  if (own !== undefined && isUnicast) {
    reading.warning(place, 0, 'mcast_dst_ip has no effect with unicast_peer', 'delete one of them');
  } else if (own !== undefined && familyOf(own) !== family) {
    const advice = 'the group is of the family of the virtual addresses';
    reading.error(place, 1, `${own} is not IPv${family}`, advice);
  } else if (own !== undefined) {
    return own;
  }
  return general ?? MULTICAST_GROUP[family];
}
