import test from 'ava';
import { INSTANCE_DEFAULTS } from '../../src/director/config/vrrp-defaults.ts';
import { Executor } from '../../src/director/supervisor/executor.ts';
import { readAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { parseIpv4 } from '../../src/director/vrrp/datagram.ts';
import { newInstance } from '../../src/director/vrrp/instance.ts';
import { decode } from '../../src/director/vrrp/packet.ts';
import { clockSequence } from '../../src/director/vrrp/sequence.ts';
import { settingsOf } from '../../src/director/vrrp/settings.ts';
import type { Bequest } from '../../src/director/vrrp/will.ts';
import { createFake } from '../../src/platform/fake.ts';
import { AF_INET, AF_INET6, AF_NETLINK, IPPROTO_RAW, SO_BINDTOIFINDEX } from '../../src/platform/linux.ts';
import { hex, ip } from '../vrrp/bytes.ts';

const WEB: Bequest = {
  held: [
    { interface: 7, address: '10.9.0.100', prefix: 24 },
    { interface: 8, address: '10.9.1.100', prefix: 32 },
  ],
  advertisement: {
    version: 3,
    virtualRouterId: 51,
    interval: 100,
    addresses: ['10.9.0.100', '10.9.1.100'],
    authentication: { kind: 'none' },
  },
  checksumForm: 'plain',
  interface: 7,
  source: '10.9.0.1',
  destinations: ['224.0.0.18'],
  hops: 255,
};

const MAIL: Bequest = {
  held: [{ interface: 9, address: '2001:db8::100', prefix: 64 }],
  advertisement: {
    version: 3,
    virtualRouterId: 52,
    interval: 1000,
    addresses: ['fe80::100', '2001:db8::100'],
    authentication: { kind: 'none' },
  },
  checksumForm: 'pseudo-header',
  interface: 9,
  source: 'fe80::1',
  destinations: ['ff02::12'],
  hops: 255,
};

function start() {
  const order: string[] = [];
  const said: string[] = [];
  const platform = createFake({
    onSocket(socket) {
      const send = socket.send.bind(socket);
      socket.send = (data, to) => {
        order.push(socket.family === AF_NETLINK ? 'take off' : 'farewell');
        return send(data, to);
      };
    },
  });
  const note = (text: string) => {
    said.push(text);
  };
  const executor = new Executor(platform, { info: note, warn: note, error: note });
  const raw = (family: number) => platform.sockets.find(socket => socket.family === family)!;
  return { platform, executor, order, said, raw };
}

test('the addresses are off before the farewell is out', t => {
  const { executor, order } = start();
  executor.amend({ key: 1, instance: 'web', bequest: WEB });
  t.deepEqual(order, []);
  t.true(executor.execute());
  t.deepEqual(order, ['take off', 'farewell']);
});

test('a farewell is what the instance itself would have sent, with priority 0', t => {
  const { executor, raw } = start();
  executor.amend({ key: 1, instance: 'web', bequest: WEB });
  executor.execute();
  const socket = raw(AF_INET);
  t.is(socket.protocol, IPPROTO_RAW);
  t.like(socket.options[0], { name: SO_BINDTOIFINDEX, value: 7 });
  const [{ data, to } = { data: new Uint8Array(0), to: null }] = socket.sent;
  t.deepEqual(to, { family: 'inet', address: ip('224.0.0.18'), port: 0 });
  const datagram = parseIpv4(data)!;
  t.is(datagram.hops, 255);
  t.deepEqual(datagram.source, ip('10.9.0.1'));
  t.like(decode(datagram.payload, datagram), {
    version: 3,
    virtualRouterId: 51,
    priority: 0,
    interval: 100,
    checksumForm: 'plain',
    addresses: hex('0a090064 0a090164'),
  });
});

test('over IPv6 it leaves by the interface, too', t => {
  const { executor, raw } = start();
  executor.amend({ key: 1, instance: 'mail', bequest: MAIL });
  executor.execute();
  const [sent] = raw(AF_INET6).sent;
  t.like(sent!.to, { family: 'inet6', scope: 9 });
  t.is(sent!.data[6], 112);
  t.is(sent!.data[7], 255);
  const envelope = { source: sent!.data.slice(8, 24), destination: sent!.data.slice(24, 40), hops: 255 };
  t.like(decode(sent!.data.subarray(40), envelope), { virtualRouterId: 52, priority: 0, interval: 1000 });
});

test('every unicast peer hears it, with the TTL of the instance', t => {
  const { executor, raw } = start();
  executor.amend({
    key: 1,
    instance: 'web',
    bequest: { ...WEB, destinations: ['10.9.0.2', '10.9.0.3'], hops: 64 },
  });
  executor.execute();
  const datagrams = raw(AF_INET).sent.map(({ data }) => parseIpv4(data)!);
  t.deepEqual(
    datagrams.map(({ destination, hops }) => [[...destination], hops]),
    [
      [[10, 9, 0, 2], 64],
      [[10, 9, 0, 3], 64],
    ],
  );
});

for (const authentication of [
  { kind: 'PASS', password: 'secret' },
  {
    kind: 'HMAC',
    keys: [{ id: 7, key: '00112233445566778899aabbccddeeff' }],
    activeKey: 7,
    checksTime: true,
    timeWindow: 5000,
    enforces: true,
  },
] as const) {
  test(`a peer that wants ${authentication.kind} believes it, though it has heard the instance up to now`, t => {
    const { platform, executor, raw } = start();
    const version = authentication.kind === 'PASS' ? 2 : 3;
    executor.amend({
      key: 1,
      instance: 'web',
      bequest: { ...WEB, advertisement: { ...WEB.advertisement, version, interval: 1000, authentication } },
    });
    executor.execute();
    const { payload, ...envelope } = parseIpv4(raw(AF_INET).sent[0]!.data)!;
    const settings = settingsOf(
      {
        ...INSTANCE_DEFAULTS,
        name: 'web',
        interface: 'eth0',
        version,
        family: 4,
        virtualRouterId: 51,
        virtualAddresses: [],
        multicastGroup: '224.0.0.18',
        authentication,
      },
      false,
    );
    const now = platform.clock.wall();
    const peer = {
      ...newInstance(settings, { up: true, address: ip('10.9.0.2') }, 0),
      marks: [{ address: ip('10.9.0.1'), sequence: clockSequence(now - 100), until: 0 }],
    };
    t.like(readAdvertisement(peer, payload, envelope, now, 0), {
      kind: 'advertisement',
      advertisement: { priority: 0 },
    });
  });
}

test('a will that makes no sense is refused when it is told, and costs nobody else anything', t => {
  const { executor, order, said } = start();
  executor.amend({ key: 1, instance: 'mail', bequest: { ...MAIL, source: 'nonsense' } });
  t.deepEqual(said, ['no last will for mail: nonsense is no address']);
  executor.amend({ key: 2, instance: 'web', bequest: WEB });
  t.true(executor.execute());
  t.deepEqual(order, ['take off', 'farewell']);
});

test('a will is executed once', t => {
  const { executor, order } = start();
  executor.amend({ key: 1, instance: 'web', bequest: WEB });
  executor.execute();
  order.length = 0;
  t.false(executor.execute());
  t.deepEqual(order, []);
});

test('who is master no more leaves nothing', t => {
  const { executor, order } = start();
  executor.amend({ key: 1, instance: 'web', bequest: WEB });
  executor.amend({ key: 1, instance: 'web', bequest: null });
  t.false(executor.execute());
  t.deepEqual(order, []);
});

test('a peer that cannot be reached does not keep the others from hearing it', t => {
  const { executor, raw, said } = start();
  executor.amend({
    key: 1,
    instance: 'web',
    bequest: { ...WEB, destinations: ['10.9.0.2', '10.9.0.3'] },
  });
  raw(AF_INET).refused('EHOSTUNREACH');
  executor.execute();
  const [{ data } = { data: new Uint8Array(0) }, ...more] = raw(AF_INET).sent;
  t.deepEqual([...parseIpv4(data)!.destination], [10, 9, 0, 3]);
  t.is(more.length, 0);
  t.regex(said[0]!, /^cannot say goodbye for web: .*EHOSTUNREACH/);
});

test('a farewell that cannot be sent does not keep back the others', t => {
  const { executor, raw, said } = start();
  executor.amend({ key: 1, instance: 'web', bequest: WEB });
  executor.amend({ key: 2, instance: 'mail', bequest: MAIL });
  raw(AF_INET).refused('ENETDOWN');
  t.true(executor.execute());
  t.is(raw(AF_INET6).sent.length, 1);
  t.regex(said[0]!, /^cannot say goodbye for web: /);
  t.is(said[1], 'said goodbye for mail');
});
