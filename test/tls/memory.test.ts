import test from 'ava';
import { TlsMemory } from '../../src/director/tls/memory.ts';

const TICKET = Uint8Array.of(1, 2, 3);

test('a server that nobody knows is tried with TLS 1.2', t => {
  t.deepEqual(new TlsMemory().planFor('a', 0), { version: '1.2', resumption: null });
});

test('what went well is done again, with the session that was left', t => {
  const memory = new TlsMemory();
  memory.keep('a', { version: null, resumption: null }, TICKET, 1000);
  t.deepEqual(memory.planFor('a', 2000), { version: null, resumption: TICKET });
  t.deepEqual(memory.planFor('b', 2000), { version: '1.2', resumption: null });
  memory.forget('a');
  t.deepEqual(memory.planFor('a', 2000), { version: '1.2', resumption: null });
});

test('ten minutes after a whole handshake there is another one, however often the session was resumed', t => {
  const memory = new TlsMemory();
  memory.keep('a', memory.planFor('a', 0), TICKET, 0);
  for (let now = 60_000; now < 600_000; now += 60_000) {
    const plan = memory.planFor('a', now);
    t.deepEqual(plan, { version: '1.2', resumption: TICKET });
    memory.keep('a', plan, TICKET, now);
  }
  const plan = memory.planFor('a', 600_000);
  t.deepEqual(plan, { version: '1.2', resumption: null });
  memory.keep('a', plan, TICKET, 600_000);
  t.deepEqual(memory.planFor('a', 1_199_999), { version: '1.2', resumption: TICKET });
});

test('a thousand servers are known at a time: the one that was not seen for longest is forgotten', t => {
  const memory = new TlsMemory();
  const plan = { version: null, resumption: null };
  for (let index = 0; index < 1000; index++) memory.keep(`${index}`, plan, TICKET, 0);
  memory.keep('0', plan, TICKET, 0);
  memory.keep('new', plan, TICKET, 0);
  t.is(memory.planFor('0', 0).resumption, TICKET);
  t.is(memory.planFor('1', 0).resumption, null);
  t.is(memory.planFor('2', 0).resumption, TICKET);
});
