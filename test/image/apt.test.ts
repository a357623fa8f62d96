// The private apt set-up is derived from what the machine has.
import test from 'ava';
import { deriveSources, parseDeb822, parseListFile } from '../../image/apt.ts';

test('the one-line format is read with its options', t => {
  const text = `# a comment
deb [arch=amd64 signed-by=/keys/debian.gpg] http://mirror.example/debian bookworm main contrib # why
deb-src http://mirror.example/debian bookworm main
deb http://mirror.example/security bookworm-security main
`;
  t.deepEqual(parseListFile(text), [
    {
      uri: 'http://mirror.example/debian',
      suite: 'bookworm',
      components: ['main', 'contrib'],
      signedBy: '/keys/debian.gpg',
    },
    { uri: 'http://mirror.example/security', suite: 'bookworm-security', components: ['main'] },
  ]);
});

test('the deb822 format is read, an embedded key with it', t => {
  const text = `Types: deb
# a comment inside
URIs: http://mirror.example/debian http://other.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Types: deb
URIs: http://disabled.example
Suites: bookworm
Components: main
Enabled: no
`;
  const entries = parseDeb822(text);
  t.deepEqual(
    entries.map(entry => `${entry.uri} ${entry.suite}`),
    [
      'http://mirror.example/debian bookworm',
      'http://mirror.example/debian bookworm-updates',
      'http://other.example/debian bookworm',
      'http://other.example/debian bookworm-updates',
    ],
  );
  t.regex(entries[0]!.signedBy!, /BEGIN PGP.*abc$/s);
});

test('another release comes from the same archives with the same keys', t => {
  const machine = parseDeb822(`Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-backports
Components: main
Signed-By: /keys/debian.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://packages.example/thing
Suites: thing
Components: main
`);
  t.is(
    deriveSources(machine, 'bookworm', 'trixie'),
    `Types: deb deb-src
URIs: http://mirror.example/debian
Suites: trixie
Components: main
Signed-By: /keys/debian.gpg

Types: deb deb-src
URIs: http://mirror.example/security
Suites: trixie-security
Components: main
`,
  );
});

test('a machine without an archive for its own release is told so', t => {
  t.throws(() => deriveSources([], 'bookworm', 'trixie'), { message: /no archive for bookworm/ });
});
