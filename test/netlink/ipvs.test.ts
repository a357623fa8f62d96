// The bytes of other programs here are those of ipvsadm 1.31; answers are built as ip_vs_ctl.c of Linux 6.1 fills them.
import test from 'ava';
import { NetlinkError } from '../../src/netlink/errors.ts';
import { decodeFamily, getFamily } from '../../src/netlink/generic.ts';
import {
  decodeDestination,
  deleteDestination,
  FORWARD_DIRECT,
  FORWARD_MASQUERADE,
  FORWARD_TUNNEL,
  getDestinations,
  type KernelDestination,
  newDestination,
  setDestination,
  TUNNEL_GUE,
} from '../../src/netlink/ipvs/destination.ts';
import {
  decodeService,
  deleteService,
  getServices,
  IP_VS_SVC_F_ONEPACKET,
  IP_VS_SVC_F_PERSISTENT,
  IP_VS_SVC_F_SCHED1,
  IP_VS_SVC_F_SCHED2,
  type KernelService,
  type KernelServiceKey,
  newService,
  setService,
} from '../../src/netlink/ipvs/service.ts';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { bytes, hex, unsent } from './hex.ts';

const FAMILY = 0x21;
const v6 = bytes('20010db8000000000000000000000080');
const http: KernelServiceKey = {
  kind: 'address',
  family: 4,
  protocol: 6,
  address: bytes('0a000050'),
  port: 80,
};
const https6: KernelServiceKey = { kind: 'address', family: 6, protocol: 6, address: v6, port: 443 };
const mark: KernelServiceKey = { kind: 'fwmark', family: 4, mark: 7 };
const plain = { flags: 0, timeout: 0, granularity: 32, engine: null };
const web: KernelDestination = {
  address: bytes('0a00000b'),
  port: 80,
  forwarding: FORWARD_DIRECT,
  weight: 3,
  upperThreshold: 100,
  lowerThreshold: 50,
  tunnelType: 0,
  tunnelPort: 0,
  tunnelFlags: 0,
};

function only(data: Uint8Array): Message {
  const messages: Message[] = [];
  readMessages(data, message => messages.push(message));
  return messages[0]!;
}

/** The nested IPVS_CMD_ATTR_DEST at the end of a message, which is where it differs from ipvsadm's in nothing. */
function destinationPart(text: string): string {
  return text.slice(text.indexOf('06000b00') - 8);
}

test('a family is asked for by name', t => {
  t.is(hex(getFamily('IPVS')), '2000000010000100000000000000000003010000090002004950565300000000');
});

test('the number of a family is in the answer', t => {
  const answer = bytes(
    '28000000 1000 0000 01000000 00000000 01020000 09000200 49505653 00000000 06000100 21000000',
  );
  t.is(decodeFamily(only(answer)), 0x21);
});

test('services are written as ipvsadm writes them', t => {
  const persistent: KernelService = {
    key: http,
    scheduler: 'wlc',
    flags: IP_VS_SVC_F_PERSISTENT,
    timeout: 300,
    granularity: 24,
    engine: null,
  };
  t.is(
    hex(newService(FAMILY, persistent)),
    unsent(
      '680000002100050010f2006b736e8036010100005400018006000100020000000600020006000000140003000a00005000000000' +
        '0000000000000000060004000050000008000600776c63000c00070001000000ffffffff080008002c01000008000900ffffff00',
    ),
  );
  t.is(
    hex(
      setService(FAMILY, {
        key: https6,
        scheduler: 'sh',
        flags: IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2,
        timeout: 0,
        granularity: 128,
        engine: null,
      }),
    ),
    unsent(
      '680000002100050010f2006b776e80360201000054000180060001000a00000006000200060000001400030020010db800000000' +
        '00000000000000800600040001bb000007000600736800000c00070018000000ffffffff08000800000000000800090080000000',
    ),
  );
  t.is(
    hex(
      newService(FAMILY, {
        ...plain,
        key: { ...http, protocol: 17, address: bytes('0a000035'), port: 53 },
        scheduler: 'rr',
        flags: IP_VS_SVC_F_ONEPACKET,
      }),
    ),
    unsent(
      '680000002100050010f2006b7b6e8036010100005400018006000100020000000600020011000000140003000a00003500000000' +
        '0000000000000000060004000035000007000600727200000c00070004000000ffffffff080008000000000008000900ffffffff',
    ),
  );
  t.is(
    hex(
      newService(FAMILY, {
        ...plain,
        key: { ...mark, family: 6 },
        scheduler: 'mh',
        flags: IP_VS_SVC_F_SCHED2,
        granularity: 128,
      }),
    ),
    unsent(
      '4c0000002100050010f2006b7f6e80360101000038000180060001000a0000000800050007000000070006006d6800000c000700' +
        '10000000ffffffff08000800000000000800090080000000',
    ),
  );
});

test('a persistence engine is named', t => {
  const message = hex(newService(FAMILY, { ...plain, key: http, scheduler: 'rr', engine: 'sip' }));
  t.true(message.includes('08000b0073697000'));
});

test('a service is deleted and asked about by its key alone', t => {
  t.is(
    hex(deleteService(FAMILY, http)),
    hex(
      bytes(`44000000 2100 0100 00000000 00000000 03010000 30000180 06000100 02000000 06000200 06000000
        14000300 0a000050000000000000000000000000 06000400 00500000`),
    ),
  );
  t.is(
    hex(getDestinations(FAMILY, mark)),
    hex(bytes('28000000 2100 0103 00000000 00000000 08010000 14000180 06000100 02000000 08000500 07000000')),
  );
  t.is(hex(getServices(FAMILY)), '1400000021000103000000000000000004010000');
});

test('destinations are written as ipvsadm writes them', t => {
  t.is(
    destinationPart(hex(newDestination(FAMILY, http, web))),
    '6000028006000b0002000000140001000a00000b00000000000000000000000006000200005000000800030003000000080004000300' +
      '000005000d000000000006000e000000000006000f000000000008000500640000000800060032000000',
  );
  t.is(
    destinationPart(
      hex(
        newDestination(FAMILY, http, {
          ...web,
          address: bytes('0a00000c'),
          port: 8080,
          forwarding: FORWARD_MASQUERADE,
          weight: 1,
          upperThreshold: 0,
          lowerThreshold: 0,
        }),
      ),
    ),
    '6000028006000b0002000000140001000a00000c000000000000000000000000060002001f9000000800030000000000080004000100' +
      '000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000',
  );
  t.is(
    destinationPart(
      hex(
        setDestination(FAMILY, https6, {
          ...web,
          address: bytes('0a01000b'),
          port: 443,
          forwarding: FORWARD_TUNNEL,
          weight: 1,
          upperThreshold: 0,
          lowerThreshold: 0,
          tunnelType: TUNNEL_GUE,
          tunnelPort: 6080,
        }),
      ),
    ),
    '6000028006000b0002000000140001000a01000b0000000000000000000000000600020001bb00000800030002000000080004000100' +
      '000005000d000100000006000e0017c0000006000f000000000008000500000000000800060000000000',
  );
});

test('every destination message names command and service', t => {
  const head = '3001800600010002000000060002000600000014000300';
  for (const [message, command] of [
    [newDestination(FAMILY, http, web), '05'],
    [setDestination(FAMILY, http, web), '06'],
    [deleteDestination(FAMILY, http, web), '07'],
  ] as const) {
    t.is(hex(message).slice(32, 40), `${command}010000`);
    t.true(
      hex(message)
        .slice(40)
        .startsWith(`${'30000180'}${head.slice(6)}`),
    );
  }
  t.is(
    destinationPart(hex(deleteDestination(FAMILY, http, web))),
    '2800028006000b0002000000140001000a00000b0000000000000000000000000600020000500000',
  );
});

// What ip_vs_genl_fill_stats64 writes: 11 attributes with padding where the kernel would align them.
const stats64 = `7c000c00
  0c000100 0700000000000000 0c000200 0800000000000000 0c000300 0900000000000000
  0c000400 0000000001000000 0c000500 0a00000000000000 0c000600 0000000000000000
  0c000700 0000000000000000 0c000800 0000000000000000 0c000900 0000000000000000
  0c000a00 0000000000000000`;

test('a service of the kernel is read with its counters', t => {
  const answer = bytes(`e4000000 2100 0200 01000000 00000000 01010000 d0000100
    06000100 02000000 06000200 06000000 14000300 0a000050000000000000000000000000 06000400 00500000
    08000600 776c6300 0c000700 03000000 ffffffff 08000800 2c010000 08000900 ffffff00 ${stats64}`);
  t.deepEqual(decodeService(only(answer)), {
    key: http,
    scheduler: 'wlc',
    flags: 3,
    timeout: 300,
    granularity: 24,
    engine: null,
    counters: { connections: 7, packetsIn: 8, packetsOut: 9, bytesIn: 2 ** 32, bytesOut: 10 },
  });
});

test('what was written as a service is read back', t => {
  const services: KernelService[] = [
    { ...plain, key: http, scheduler: 'rr' },
    { ...plain, key: mark, scheduler: 'sh', granularity: 0 },
    { ...plain, key: https6, scheduler: 'mh', granularity: 64, flags: 0x19, timeout: 3600, engine: 'sip' },
    { ...plain, key: { ...mark, family: 6, mark: 0xffffffff }, scheduler: 'rr', granularity: 1 },
  ];
  for (const service of services) {
    const { counters, ...read } = decodeService(only(newService(FAMILY, service)))!;
    t.deepEqual(read, service);
    t.is(counters.connections, 0);
  }
});

test('an IPv4 mask with holes is not a prefix', t => {
  const message = newService(FAMILY, { ...plain, key: http, scheduler: 'rr' });
  message.set([255, 0, 255, 0], message.length - 4);
  t.is(decodeService(only(message))?.granularity, -1);
});

test('what was written as a destination is read back', t => {
  const destinations: KernelDestination[] = [
    web,
    { ...web, address: v6, port: 65535, weight: 65535, forwarding: FORWARD_MASQUERADE },
    { ...web, forwarding: FORWARD_TUNNEL, tunnelType: TUNNEL_GUE, tunnelPort: 6080, tunnelFlags: 1 },
  ];
  for (const destination of destinations) {
    const read = decodeDestination(only(newDestination(FAMILY, http, destination)), true);
    t.deepEqual(read, {
      ...destination,
      activeConnections: 0,
      inactiveConnections: 0,
      persistentConnections: 0,
      counters: { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 },
    });
  }
});

test('connections of a destination are read', t => {
  const answer = bytes(`8c000000 2100 0200 01000000 00000000 05010000 78000200
    14000100 0a00000b000000000000000000000000 06000200 00500000 08000300 03000000 08000400 03000000
    05000d00 00000000 06000e00 00000000 06000f00 00000000 08000500 00000000 08000600 00000000
    08000700 05000000 08000800 06000000 08000900 07000000 06000b00 02000000`);
  const read = decodeDestination(only(answer))!;
  t.is(read.activeConnections, 5);
  t.is(read.inactiveConnections, 6);
  t.is(read.persistentConnections, 7);
  t.is(read.forwarding, FORWARD_DIRECT);
  t.deepEqual(read.address, bytes('0a00000b'));
});

test('an answer that lacks what names it is an error', t => {
  const service = bytes('20000000 2100 0200 01000000 00000000 01010000 0c000100 06000100 02000000');
  t.throws(() => decodeService(only(service)), { instanceOf: NetlinkError });
  const destination = bytes('20000000 2100 0200 01000000 00000000 05010000 0c000200 06000200 00500000');
  t.throws(() => decodeDestination(only(destination)), { instanceOf: NetlinkError });
});

test('other messages are left to others', t => {
  const other = only(
    bytes('24000000 2100 0000 01000000 00000000 0e010000 08000100 01020100 08000200 00100000'),
  );
  t.is(decodeService(other), null);
  t.is(decodeDestination(other), null);
});
