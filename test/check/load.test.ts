// Checks that hear the load of a server: XDMCP_CHECK and RSTAT_CHECK.
import test from 'ava';
import { judgeLoad, weightAt } from '../../src/director/check/load.ts';
import { joined } from '../../src/director/check/message-talker.ts';
import { readReply, rpcCall } from '../../src/director/check/rpc-message.ts';
import { readXdmcp, XDMCP_QUERY } from '../../src/director/check/xdmcp-packet.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { beginConnected, bytes, TIMING } from './attempt.ts';
import { hex, mangled, unhex } from './messages.ts';

const XDMCP: CheckConfig = { kind: 'XDMCP_CHECK', ...TIMING, weightFrom: 100 };
const RSTAT: CheckConfig = { kind: 'RSTAT_CHECK', ...TIMING, weightFrom: 100, fullLoad: 2 };

const text = (each: string) => joined([Uint8Array.of(0, each.length), bytes(each)]);

function xdmcp(operation: number, ...texts: string[]): Uint8Array {
  const content = joined(texts.map(text));
  return joined([Uint8Array.of(0, 1, 0, operation, 0, content.length), content]);
}

const willing = (status: string) => xdmcp(5, '', 'host', status);

test('the whole weight up to the full load, then less in steps, never nothing', t => {
  t.deepEqual(
    [0, 2, 2.1, 3, 4, 8, 100, 1e6].map(load => weightAt(load, 2, 100)),
    [100, 100, 100, 63, 50, 25, 13, 13],
  );
  t.is(weightAt(50, 1, 0), 0);
  t.is(weightAt(50, 1, 1), 1);
  const seed = 20260517;
  const random = randomNumbers(seed);
  for (let round = 0; round < rounds(1000); round++) {
    const [weight, full] = [1 + random(65_535), (1 + random(1000)) / 10];
    const loads = [random(5000) / 10, random(5000) / 10].sort((a, b) => a - b);
    const [light, heavy] = loads.map(load => weightAt(load, full, weight)) as [number, number];
    t.true(light >= heavy && heavy >= 1 && light <= weight, `seed ${seed}, round ${round}`);
  }
});

test('a load is told, and says a weight where it is to', t => {
  t.deepEqual(judgeLoad('answers', 1.239, { weightFrom: 10 }), { ok: true, reason: 'answers, load 1.24' });
  t.deepEqual(judgeLoad('answers', 8, { weightFrom: 16, fullLoad: 4 }), {
    ...{ ok: true, reason: 'answers, load 8', weight: -8 },
  });
  t.deepEqual(judgeLoad('answers', null, { weightFrom: 16, fullLoad: 4 }), {
    ...{ ok: true, reason: 'answers, and tells no load' },
  });
});

test('a display manager is willing or not, and its status may tell a load', t => {
  t.is(hex(XDMCP_QUERY), '00010002000100');
  t.deepEqual(readXdmcp(willing('2 users load: 0.3, 0.2, 0.1')), {
    ...{ isWilling: true, status: '"2 users load: 0.3, 0.2, 0.1"', load: 0.3 },
  });
  const loads = ['load average: 12.50, 1', 'Load 3', 'loaded 3', 'payload: 7', 'Linux', ''].map(
    status => readXdmcp(willing(status))?.load,
  );
  t.deepEqual(loads, [12.5, 3, null, null, null, null]);
  t.like(readXdmcp(xdmcp(6, 'host', 'full')), { isWilling: false, status: '"full"' });
  for (const wrong of [
    xdmcp(5, 'host', 'full'),
    xdmcp(6, '', 'host', 'x'),
    xdmcp(4, '', 'host', 'x'),
    XDMCP_QUERY,
  ]) {
    t.is(readXdmcp(wrong), null, hex(wrong));
  }
});

test('XDMCP_CHECK', t => {
  const told = (answer: Uint8Array, more: object = {}) => {
    const { platform, results, socket } = beginConnected({ ...XDMCP, ...more } as CheckConfig);
    socket().deliver(unhex('0001'));
    socket().deliver(answer);
    platform.clock.settle();
    return results;
  };
  t.deepEqual(told(willing('load 4')), [{ ok: true, reason: 'is willing: "load 4", load 4' }]);
  t.deepEqual(told(willing('load 4'), { fullLoad: 2 }), [
    { ok: true, reason: 'is willing: "load 4", load 4', weight: -50 },
  ]);
  t.deepEqual(told(xdmcp(6, 'host', 'full\x1b[2J')), [{ ok: false, reason: 'is unwilling: "full?[2J"' }]);
});

const words = (...numbers: number[]) => {
  const message = new Uint8Array(4 * numbers.length);
  for (const [at, number] of numbers.entries()) new DataView(message.buffer).setUint32(4 * at, number);
  return message;
};

test('calls and replies of RPC', t => {
  t.deepEqual(
    rpcCall(7, { program: 100_000, version: 2, procedure: 3 }, 5, 6),
    words(7, 0, 2, 100_000, 2, 3, 0, 0, 0, 0, 5, 6),
  );
  t.deepEqual(readReply(words(7, 1, 0, 0, 0, 0, 42), 7), { results: [42] });
  t.deepEqual(readReply(words(7, 1, 0, 1, 5, 9, 9, 0, 42), 7), { results: [42] });
  t.deepEqual(readReply(words(7, 1, 0, 0, 0, 1), 7), { wrong: 'no such program' });
  t.deepEqual(readReply(words(7, 1, 0, 0, 0, 9), 7), { wrong: 'the program is in trouble' });
  t.deepEqual(readReply(words(7, 1, 1, 0), 7), { wrong: 'the call is refused' });
  t.deepEqual(readReply(words(7, 1, 0, 0, 0xffffffff, 0), 7), { wrong: 'the reply is cut off' });
  t.deepEqual(readReply(words(7, 1, 0), 7), { wrong: 'the reply is cut off' });
  for (const other of [words(8, 1, 0, 0, 0, 0), words(7, 0, 0, 0, 0, 0), words(7, 1)]) {
    t.is(readReply(other, 7), null);
  }
});

/** The replies to both calls; null for none. */
function rstat(port: Uint8Array | null, load: Uint8Array | null, wait = 0) {
  const { platform, results } = beginConnected(RSTAT);
  for (const reply of [port, load]) {
    const socket = platform.sockets.at(-1)!;
    platform.clock.advance(wait);
    if (reply !== null && !socket.closed)
      socket.deliver(joined([socket.sent[0]!.data.subarray(0, 4), reply]));
    platform.clock.settle();
  }
  return { platform, results };
}

const ok = (...results: number[]) => words(1, 0, 0, 0, 0, ...results);
const STATS = ok(...Array<number>(18).fill(0), 1024, 512, 256, 0, 0, 0, 0, 0);

test('RSTAT_CHECK asks the port mapper, then rstatd', t => {
  const { platform, results } = rstat(ok(900), STATS);
  t.deepEqual(results, [{ ok: true, reason: 'answers, load 4', weight: -50 }]);
  t.deepEqual(
    platform.sockets.map(({ connectedTo }) => connectedTo && 'port' in connectedTo && connectedTo.port),
    [8080, 900],
  );
  t.true(platform.sockets.every(({ closed }) => closed));
  t.is(platform.clock.nextDue(), null);
});

test('RSTAT_CHECK fails without a port, without a load, and when its time is up in all', t => {
  const reason = (...replies: [Uint8Array | null, Uint8Array | null, number?]) =>
    rstat(...replies).results[0]?.reason;
  t.is(reason(ok(0), null), 'the port mapper knows no rstatd');
  t.is(reason(ok(70_000), null), 'the port mapper knows no rstatd');
  t.is(reason(ok(), null), 'the port mapper knows no rstatd');
  t.is(reason(words(1, 0, 0, 0, 1), null), 'no such program');
  t.is(reason(ok(900), ok(1, 2, 3)), 'the reply is cut off');
  t.is(reason(null, null, 2500), 'no answer within 5 s');
  t.is(reason(ok(900), null, 2500), 'no answer within 5 s');
});

test('a cancelled RSTAT_CHECK says nothing more, whichever reply it waits for', t => {
  for (const replies of [0, 1]) {
    const { platform, results, cancel } = beginConnected(RSTAT);
    const socket = platform.sockets[0]!;
    if (replies > 0) socket.deliver(joined([socket.sent[0]!.data.subarray(0, 4), ok(900)]));
    platform.clock.settle();
    cancel();
    platform.clock.advance(10_000);
    t.deepEqual(results, []);
    t.true(platform.sockets.every(({ closed }) => closed));
  }
});

test('answers with bytes changed are read or passed over, and nothing throws', t => {
  const seed = 20260518;
  const random = randomNumbers(seed);
  for (let round = 0; round < rounds(3000); round++) {
    t.notThrows(() => {
      readXdmcp(mangled(willing('2 users load: 0.3'), random));
      readReply(mangled(joined([words(7), STATS]), random), 7);
      rstat(random(2) === 0 ? ok(900) : mangled(ok(900), random), mangled(STATS, random));
    }, `seed ${seed}, round ${round}`);
  }
});
