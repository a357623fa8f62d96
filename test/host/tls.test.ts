// The host's TLS with real servers, on this machine's processor with sanitizers and on the binary of the board.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { bundle } from '../../image/bundle.ts';
import { boardCompiler, hostProgram, sanitizingCompiler } from '../../image/host.ts';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { makeCertificates, startTlsServers } from './checks/tls.ts';
import { createPlace } from './director/director.ts';
import { context, root } from './quickjs/run.ts';

test.before(requireInside);

const SERVERS = [
  '8443/1.2',
  '8443/1.3',
  '8443/any',
  '8444/1.2',
  '8445/1.3',
  '8447/1.2',
  '8449/1.2',
  '8449/1.3',
];

/** By its port and version: what the first two connections are told, the second with a session to resume. */
const HOW: Readonly<Record<string, readonly [string, string]>> = {
  '8443/any': ['TLSv1.3 .', 'TLSv1.3 r'],
};

function expected(server: string): string[] {
  const version = `TLSv${server.split('/')[1]}`;
  const [first, second] = HOW[server] ?? [`${version} .`, `${version} r`];
  return [`${server} /how ${first}`, `${server} /how ${second}`, `${server} /long 100000`];
}

test('handshakes with nginx in both versions, with every kind of key, resumed, and eight at the same time', async t => {
  t.timeout(300_000);
  const place = createPlace();
  const folder = join(place.folder, 'certificates');
  const { authority } = makeCertificates(folder);
  await startTlsServers(t, place, folder);
  const script = await bundle(root, { file: 'test/host/tls/client.ts' });
  for (const compiler of [await sanitizingCompiler(), await boardCompiler(context)]) {
    const name = `director-tls-${compiler.name}`;
    const { path } = await hostProgram(context, compiler, { main: script }, name);
    const client = [join(path, 'director'), '10.9.0.2', authority, 'www.example.org', ...SERVERS];
    const { stdout, stderr } = await promisify(execFile)('ip', ['netns', 'exec', place.far, ...client], {
      env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1' },
    });
    t.deepEqual(stdout.trim().split('\n').sort(), SERVERS.flatMap(expected).sort(), stderr);
    t.is(stderr, '');
  }
});
