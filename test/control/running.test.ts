import test from 'ava';
import { forgetRunning, readRunning, saveRunning } from '../../src/director/control/running.ts';
import { createFake } from '../../src/platform/fake.ts';
import { sampleConfig } from './sample.ts';

test('the configuration in force survives the control process, readable by its owner only', t => {
  const platform = createFake({ files: { '/run/d/x': '' } });
  t.is(readRunning(platform, '/run/d'), null);
  const running = { file: '/etc/site.conf', config: sampleConfig() };
  saveRunning(platform, '/run/d', running);
  t.deepEqual(readRunning(platform, '/run/d'), running);
  t.is(platform.files.status('/run/d/running.json').mode & 0o777, 0o600);
  forgetRunning(platform, '/run/d');
  forgetRunning(platform, '/run/d');
  t.is(readRunning(platform, '/run/d'), null);
});
