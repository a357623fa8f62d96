// The interfaces of virtual MACs, against what iproute2 sends and what a kernel (Linux 6.18) answers.
import test from 'ava';
import { decodeLink, deleteLink, newMacvlan, withoutLinkLocal } from '../../src/netlink/link.ts';
import { readMessages } from '../../src/netlink/reader.ts';
import { bytes, hex, unsent } from './hex.ts';

test('a macvlan is asked for as iproute2 does', t => {
  // iproute2 does not mark its nests, and leaves the NUL out of the kind.
  t.is(
    hex(newMacvlan({ name: 'vrrp.51', lower: 3, hardware: bytes('00005e000133'), group: 18 })),
    unsent(`64000000100005066b3c016b000000000000000000000000000000000000000008001b00120000000a00010000005e0001330000
      08000500030000000c000300767272702e353100 1c0012800c0001006d6163766c616e00 0c0002800800010001000000`),
  );
  t.is(
    hex(withoutLinkLocal(4)),
    unsent(`30000000100005006b3c016b000000000000000004000000000000000000000010001a800c000a80
      0500080001000000`),
  );
  t.is(hex(deleteLink(4)), unsent('20000000110005006c3c016b0000000000000000040000000000000000000000'));
});

test('a macvlan tells what it stands on', t => {
  // RTM_NEWLINK of interface 4 `vrrp.51` on interface 3, group 18; the attributes that nobody reads here are cut out.
  const capture = `
    9c000000100000000000000000000000000001000400000002100000000000000c000300767272702e353100050010000200
    000008000400dc05000008001b001200000005002100010000000a00010000005e00013300003c0012000c0001006d616376
    6c616e002c00020008000100010000000600020000000000080006000000000008000700e803000008000800e80300000800
    050003000000`;
  readMessages(bytes(capture), message =>
    t.like(decodeLink(message), {
      index: 4,
      name: 'vrrp.51',
      up: false,
      hardware: bytes('00005e000133'),
      lower: 3,
      group: 18,
      kind: 'macvlan',
    }),
  );
});
