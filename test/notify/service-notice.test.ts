import test from 'ava';
import {
  commandOf,
  conditionOf,
  serviceLetter,
  serviceLine,
  subjectId,
  wantsMail,
} from '../../src/director/notify/service-notice.ts';
import type { ServiceEvent } from '../../src/director/protocol.ts';
import { realServer, virtualServer } from '../control/sample.ts';

const command = (word: string) => ({ words: [word], user: null, group: null });
const SERVER = realServer('10.0.0.11', { onUp: command('up'), onDown: command('down') });
const SERVICE = virtualServer([SERVER], {
  quorum: { weight: 1, hysteresis: 0, onUp: command('gained'), onDown: command('lost') },
});

const about = (state: ServiceEvent['state'], subject: ServiceEvent['subject'] = 'REAL SERVER') =>
  conditionOf({ subject, service: '', server: null, state, reason: '', at: 0 });

test('only up and down are told; a server that is kept out for its flapping is down', t => {
  t.is(about('up'), 'UP');
  t.is(about('down'), 'DOWN');
  t.is(about('damped'), 'DOWN');
  for (const state of ['starting', 'draining', 'maintenance', 'sorry'] as const) t.is(about(state), null);
  t.is(about('up', 'SORRY SERVER'), null);
});

test('servers and quorum have programs of their own', t => {
  const words = (server: typeof SERVER | null, condition: 'UP' | 'DOWN') =>
    commandOf({ service: SERVICE, server }, condition)?.words[0];
  t.deepEqual(
    [words(SERVER, 'UP'), words(SERVER, 'DOWN'), words(null, 'UP'), words(null, 'DOWN')],
    ['up', 'down', 'gained', 'lost'],
  );
  t.is(commandOf({ service: virtualServer([]), server: null }, 'UP'), null);
  t.is(commandOf({ service: SERVICE, server: realServer('10.0.0.12') }, 'DOWN'), null);
});

test("lines are keepalived's", t => {
  t.is(serviceLine({ service: SERVICE, server: null }, 'UP'), 'VS [10.0.0.100]:tcp:80 UP\n');
  t.is(
    serviceLine({ service: SERVICE, server: SERVER }, 'DOWN'),
    'RS [10.0.0.11]:tcp:80 [10.0.0.100]:tcp:80 DOWN\n',
  );
  const marked = virtualServer([SERVER], { key: { kind: 'fwmark', mark: 7, family: 4 } });
  t.is(serviceLine({ service: marked, server: null }, 'UP'), 'VS FWM 7 UP\n');
  const group = virtualServer([], { group: { name: 'shop', keys: [SERVICE.key] } });
  t.is(serviceLine({ service: group, server: null }, 'UP'), 'VS [shop]:0 UP\n');
  t.is(subjectId({ service: group, server: SERVER }), '10.0.0.11:80 of group shop');
});

test('mail says what happened and why', t => {
  const event = { reason: 'connection refused', at: 1_767_225_600_000 };
  t.deepEqual(serviceLetter({ service: SERVICE, server: SERVER }, 'DOWN', 'checked', event, 'lvs1'), {
    subject: '[lvs1] Realserver [10.0.0.11]:tcp:80 of virtual server [10.0.0.100]:tcp:80 - DOWN',
    text: '=> CHECK failed on service <=\n\n2026-01-01T00:00:00.000Z: connection refused\n',
  });
  const quorum = serviceLetter({ service: SERVICE, server: null }, 'UP', 'checked', event, null);
  t.is(quorum.subject, 'Virtualserver [10.0.0.100]:tcp:80 - UP');
  t.regex(quorum.text, /^=> Gained quorum <=/);
  const end = serviceLetter({ service: SERVICE, server: null }, 'DOWN', 'stopped', event, null);
  t.regex(end.text, /^=> Shutting down <=/);
});

test('a server may say for itself whether there is mail', t => {
  const loud = virtualServer([SERVER], { mail: true });
  t.true(wantsMail({ service: loud, server: SERVER }));
  t.false(wantsMail({ service: loud, server: realServer('10.0.0.11', { mail: false }) }));
  t.true(wantsMail({ service: SERVICE, server: realServer('10.0.0.11', { mail: true }) }));
  t.false(wantsMail({ service: SERVICE, server: null }));
});
