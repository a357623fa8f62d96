// The bytes of another program here are those of ipvsadm 1.31; answers are built as ip_vs_ctl.c of Linux 6.1 fills them.
import test from 'ava';
import {
  decodeDaemon,
  deleteDaemon,
  getDaemons,
  type KernelDaemon,
  newDaemon,
} from '../../src/netlink/ipvs/daemon.ts';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { bytes, hex, unsent } from './hex.ts';

const FAMILY = 0x21;

const master: KernelDaemon = {
  state: 'master',
  interface: 'eth0',
  syncId: 51,
  maximumLength: 0,
  port: 0,
  ttl: 0,
  group: null,
};

function only(data: Uint8Array): Message {
  const messages: Message[] = [];
  readMessages(data, message => messages.push(message));
  return messages[0]!;
}

test('a daemon is started as ipvsadm starts it', t => {
  t.is(
    hex(newDaemon(FAMILY, master)),
    unsent(
      '3400000021000500f23c016b0d348046090100002000038008000100010000000900020065746830000000000800030033000000',
    ),
  );
  t.is(
    hex(
      newDaemon(FAMILY, {
        state: 'backup',
        interface: 'eth1.7',
        syncId: 7,
        maximumLength: 1400,
        port: 9000,
        ttl: 3,
        group: bytes('e000005a'),
      }),
    ),
    unsent(
      '5400000021000500f23c016b0f348046090100004000038008000100020000000b000200657468312e3700000800030007000000' +
        '06000400780500000600070028230000050008000300000008000500e000005a',
    ),
  );
  t.is(
    hex(newDaemon(FAMILY, { ...master, syncId: 0, group: bytes('ff020000000000000000000000000051') })),
    unsent(
      '4800000021000500f23c016b1334804609010000340003800800010001000000090002006574683000000000080003000000000014000600' +
        'ff020000000000000000000000000051',
    ),
  );
});

test('a daemon is stopped by its state alone', t => {
  t.is(
    hex(deleteDaemon(FAMILY, 'backup')),
    '200000002100010000000000000000000a0100000c0003800800010002000000',
  );
});

test('the daemons that run are asked for by a dump', t => {
  t.is(hex(getDaemons(FAMILY)), '140000002100010300000000000000000b010000');
});

test('a daemon is told with what the kernel chose', t => {
  const answer = bytes(
    '54000000 2100 0200 01000000 00000000 09010000' +
      '40000380 0800010001000000 090002006574683000000000 0800030033000000' +
      '06000400c0050000 0600070090220000 0500080001000000 08000500e0000051',
  );
  t.deepEqual(decodeDaemon(only(answer)), {
    ...master,
    maximumLength: 1472,
    port: 8848,
    ttl: 1,
    group: bytes('e0000051'),
  });
  t.is(decodeDaemon(only(bytes('14000000 2100 0200 01000000 00000000 01010000'))), null);
});

test('a daemon without a name is no daemon', t => {
  const answer = bytes('20000000 2100 0200 01000000 00000000 09010000 0c000380 0800010001000000');
  t.throws(() => decodeDaemon(only(answer)), { code: 'EBADMSG' });
});
