import test from 'ava';
import { parseArguments, UsageError } from '../../src/director/console/arguments.ts';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { prescribe } from '../../src/director/console/realserver.ts';
import { saveRunning } from '../../src/director/control/running.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, sampleConfig, virtualServer } from '../control/sample.ts';
import { validate } from '../schemas/validate.ts';

const CONFIG = sampleConfig({ virtualServers: [virtualServer([realServer('10.0.0.11', { name: 'web1' })])] });

const told = (words: string, name = 'web1') => prescribe(CONFIG, name, parseArguments(words.split(' ')));

test('commands and files are a script with remarks', t => {
  const text = told('web1');
  t.regex(
    text,
    /^# web1 \(10\.0\.0\.11\), a real server on Debian or Ubuntu, serves\n# {3}TCP 10\.0\.0\.100:80 by DR\n/,
  );
  t.regex(
    text,
    /\n# Now:\nsysctl .*\nsysctl .*\nip address replace 10\.0\.0\.100\/32 dev lo\n\n# At every start:\n/,
  );
  t.regex(text, /\ncat >\/usr\/local\/sbin\/lvs-realserver <<'END'\n#!\/bin\/sh\n(.*\n)*END\nchmod 755 /);
  t.regex(text, /\nsystemctl enable lvs-realserver\.service\n$/);
});

test('the check alone is a script too', t => {
  t.regex(told('web1 --check'), /^#!\/bin\/sh\n/);
  t.regex(told('web1 --check --system windows'), /^# Is this host/);
});

test('for programs it is an object that follows its schema', t => {
  for (const system of ['debian', 'linux', 'freebsd', 'windows']) {
    t.deepEqual(validate('realserver', JSON.parse(told(`web1 --json --system ${system}`))), [], system);
  }
});

test('who is not there is told who could be meant', t => {
  t.throws(() => told('wed1', 'wed1'), {
    instanceOf: UsageError,
    message: 'no real server is called wed1; did you mean web1?',
  });
  t.throws(() => told('web1 --system vms'), { message: /^unknown system "vms": there are debian, / });
});

test('a file says it on a workstation, the running director where none is named', async t => {
  const file = `virtual_server 10.0.0.100 80 {
  protocol TCP
  lvs_method DR
  real_server 10.0.0.12 80 { }
}
`;
  const platform = createFake({ files: { '/run/director/x': '', '/site.conf': file } });
  t.is(await dispatch(platform, ['realserver', '10.0.0.12', '/site.conf']), 0);
  t.regex(platform.output.text, /^# 10\.0\.0\.12, a real server/);
  t.is(await dispatch(platform, ['realserver', 'web1']), 2);
  t.regex(platform.output.errors, /no director runs in \/run\/director: name the configuration FILE/);
  saveRunning(platform, '/run/director', { file: '/site.conf', config: CONFIG });
  t.is(await dispatch(platform, ['realserver', 'web1']), 0);
});
