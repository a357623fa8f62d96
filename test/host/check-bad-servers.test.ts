// Checks that speak in bytes, against servers that hang, reset, dribble, close, send garbage and say back what they hear.
import { join } from 'node:path';
import test from 'ava';
import { inNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { startServer } from './checks/daemons.ts';
import { type Case, judge, LIMIT } from './checks/judged.ts';
import { buildDirector, createPlace } from './director/director.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const SILENCE = new RegExp(`^no answer within ${LIMIT} s`);
const ANY = /./;

/** A check over TCP: what it says of garbage and of its own words may be anything but good. */
function overTcp(kind: string, lines = ''): Case[] {
  const reasons: readonly [number, RegExp][] = [
    [7301, SILENCE],
    [7302, /^connection reset|^no answer within/],
    [7303, ANY],
    [7304, ANY],
    [7305, /^closed|^connection (?:reset|closed)/],
    [7306, ANY],
  ];
  return reasons.map(([port, reason]) => ({ port, kind, lines, reason }));
}

function overUdp(kind: string, lines = ''): Case[] {
  const reasons: readonly [number, string | RegExp][] = [
    [7301, SILENCE],
    [7303, ANY],
    [7306, ANY],
    [7309, 'port unreachable'],
  ];
  return reasons.map(([port, reason]) => ({ port, kind, lines, reason }));
}

test('no bad server passes for a good one', async t => {
  const place = createPlace();
  const file = join(import.meta.dirname, 'checks/bad-servers.ts');
  await startServer(t, inNamespace(place.far, [process.execPath, file]));
  await judge(t, binary, place, [
    ...overUdp('DNS_CHECK', 'name www.example.org\n type A\n answer 192.0.2.1'),
    ...overUdp('RADIUS_CHECK', 'secret testing123'),
    ...overUdp('XDMCP_CHECK'),
    ...overUdp('RSTAT_CHECK'),
    ...overTcp('DNS_CHECK', 'name www.example.org\n type A\n protocol TCP'),
    ...overTcp('LDAP_CHECK', 'base "dc=example"'),
    ...overTcp('PGSQL_CHECK', 'login monitor\n query "SELECT 1"'),
    ...overTcp('MYSQL_CHECK', 'login monitor\n query "SELECT 1"'),
  ]);
});
