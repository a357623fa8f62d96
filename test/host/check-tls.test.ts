// SSL_GET of the real binary and nginx: both versions of TLS, keys of every kind, names, certificates, and servers that do not speak TLS.
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { type Case, judge } from './checks/judged.ts';
import { startAnswers } from './checks/servers.ts';
import { makeCertificates, startTlsServers } from './checks/tls.ts';
import { buildDirector, createPlace } from './director/director.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const kind = 'SSL_GET';
const url = (lines: string) => `url {\npath /\n${lines}\n}`;
const HELLO = { kind, lines: url('digest 5d41402abc4b2a76b9719d911017c592'), up: true } as const;
const GOOD = { ...HELLO, reason: 'status 200 and digest as expected for /' } as const;

test('what nginx serves over TLS is judged as over TCP, whatever TLS it is', async t => {
  const place = createPlace();
  const folder = join(place.folder, 'certificates');
  makeCertificates(folder);
  await startTlsServers(t, place, folder);
  const how = (regex: string, lines = '') => `${lines}\nurl {\npath /how\nregex ${regex}\n}`;
  const found = 'status 200 and content as expected for /how';
  const cases: Case[] = [
    ...[8443, 8444, 8445, 8446, 8447, 8449, 8450].map(port => ({ ...GOOD, port })),
    { ...GOOD, port: 8443, lines: `http_protocol 1.1\n${HELLO.lines}` },
    {
      kind,
      port: 8443,
      lines: `${url('')}\nurl {\npath /long\nstatus_code 200\n}`,
      up: true,
      reason: 'status 200 for /long',
    },
    { kind, port: 8443, lines: url('status_code 503'), reason: 'status 200 for /' },
    { kind, port: 8443, lines: how('^TLSv1.3', 'tls_version 1.3'), up: true, reason: found },
    { kind, port: 8443, lines: how('^TLSv1.2', 'tls_version 1.2'), up: true, reason: found },
    {
      kind,
      port: 8444,
      lines: how('.', 'tls_version 1.3'),
      reason: 'TLS: the server says: protocol version',
    },
    {
      kind,
      port: 8445,
      lines: how('.', 'tls_version 1.2'),
      reason: 'TLS: the server says: protocol version',
    },
    { kind, port: 8451, lines: how('.'), reason: 'TLS: the server says: protocol version' },
    // The second has a session to resume.
    {
      kind,
      port: 8443,
      lines: `${how('.', 'connect_timeout 6')}\nurl {\npath /how\nregex "TLSv1.2 r"\n}`,
      up: true,
      reason: found,
    },
  ];
  await judge(t, binary, place, cases);
});

test('the server is asked for by name, and its certificate is verified when authorities are named', async t => {
  const place = createPlace();
  const folder = join(place.folder, 'certificates');
  const { authority, stranger } = makeCertificates(folder);
  await startTlsServers(t, place, folder);
  const verified = (name: string, file = authority) => ({
    kind,
    lines: `sni_name ${name}\nca_file ${file}\n${url('')}`,
  });
  const cases: Case[] = [
    { kind, port: 8448, lines: url(''), reason: 'TLS: the server says: unknown server name' },
    { ...GOOD, port: 8448, lines: `sni_name www.example.org\n${HELLO.lines}` },
    { ...GOOD, port: 8448, lines: `enable_sni\nvirtualhost www.example.org:8448\n${HELLO.lines}` },
    {
      ...GOOD,
      port: 8448,
      lines: `enable_sni\n${url('virtualhost www.example.org')}`,
      reason: 'status 200 for /',
    },
    {
      kind,
      port: 8448,
      lines: `sni_name other.example.org\n${url('')}`,
      reason: 'TLS: the server says: unknown server name',
    },
    { ...verified('www.example.org'), port: 8443, up: true, reason: 'status 200 for /' },
    { ...verified('www.example.org'), port: 8445, up: true, reason: 'status 200 for /' },
    { ...verified('other.example.org'), port: 8443, reason: 'TLS: the certificate is for another name' },
    {
      ...verified('www.example.org', stranger),
      port: 8443,
      reason: 'TLS: the certificate comes from no known authority',
    },
    { ...verified('www.example.org'), port: 8446, reason: 'TLS: the certificate has expired' },
    {
      ...verified('www.example.org'),
      port: 8450,
      reason: 'TLS: the certificate comes from no known authority',
    },
    {
      ...verified('www.example.org', `${folder}/none.pem`),
      port: 8443,
      reason: `the certificates of ${folder}/none.pem: ENOENT`,
    },
    { kind, port: 8443, lines: `ca_file ${authority}\n${url('')}`, up: true, reason: 'status 200 for /' },
  ];
  await judge(t, binary, place, cases);
});

test('servers that do not speak TLS are told by what they do', async t => {
  const place = createPlace();
  await startAnswers(t, place);
  const cases: Case[] = [
    { kind, port: 7123, lines: url(''), reason: 'no answer within 5 s' },
    { kind, port: 7124, lines: url(''), reason: 'TLS: the answer is not TLS' },
    { kind, port: 7125, lines: url(''), reason: /closed|reset/ },
    { kind, port: 7126, lines: url(''), reason: /TLS|no answer within/ },
    { kind, port: 9, lines: url(''), reason: 'connection refused' },
  ];
  await judge(t, binary, place, cases);
});
