// VLAN interfaces, against what iproute2 sends and as vlan_fill_info() of Linux (net/8021q/vlan_netlink.c) tells of them.
import test from 'ava';
import { decodeLink, newVlan, setLinkMtu } from '../../src/netlink/link.ts';
import { readMessages } from '../../src/netlink/reader.ts';
import { bytes, hex, unsent } from './hex.ts';

test('a VLAN is asked for as iproute2 does', t => {
  // iproute2 does not mark its nests, and leaves the NUL out of the kind.
  t.is(
    hex(newVlan({ name: 'v0.5', lower: 3, group: 19, id: 5 })),
    unsent(`58000000100005066b3c016b00000000 00000000000000000000000000000000
      08001b0013000000 0800050003000000 0900030076302e3500000000
      1c0012800900010 0766c616e00000000 0c000280 0600010005000000`),
  );
  t.is(
    hex(setLinkMtu(6, 1400)),
    unsent('28000000100005006b3c016b00000000 00000000060000000000000000000000 0800040078050000'),
  );
});

test('a VLAN tells its id and what it stands on, one of a provider is none', t => {
  const capture = (protocol: string) => `
    6c00000010000000000000000100000000000100 040000000210000000000000 0900030076302e3500000000
    0800040078050000 0800050003000000 08001b0013000000
    3000120009000100766c616e00000000 20000200 06000500${protocol}0000 06000100fe0f0000 0c000200 0100000001000000`;
  for (const [protocol, vlan] of [
    ['8100', 4094],
    ['88a8', null],
  ] as const) {
    const message = bytes(capture(protocol));
    message[0] = message.length;
    let decoded: ReturnType<typeof decodeLink> = null;
    readMessages(message, each => {
      decoded = decodeLink(each);
    });
    t.like(decoded, { name: 'v0.5', mtu: 1400, lower: 3, group: 19, kind: 'vlan', vlan });
  }
});
