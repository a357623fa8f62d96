// director help WORD: a command, or a keyword of the configuration.
import test from 'ava';
import { explain } from '../../src/director/config/explain.ts';
import { vocabulary } from '../../src/director/config/root.ts';
import type { Fields } from '../../src/director/config/vocabulary.ts';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { createConnected } from '../ipc/unix-network.ts';

async function help(words: string) {
  const platform = createConnected({});
  const status = await dispatch(platform, ['help', ...words.split(' ')]);
  return { status, ...platform.output };
}

test('a keyword is explained in each block that has it', async t => {
  const { status, text } = await help('smtp_alert');
  t.is(status, 0);
  for (const place of [
    'global_defs',
    'vrrp_instance, vrrp_sync_group',
    'virtual_server',
    'virtual_server, real_server',
  ]) {
    t.regex(text, new RegExp(`^smtp_alert.* \\(in ${place}\\)$`, 'm'));
  }
  t.regex((await help('advert_int')).text, /Default: 1\n {2}Example: advert_int 1\n/);
  t.regex((await help('virtual_router_id')).text, /Takes: a whole number from 1 to 255\n/);
  t.regex((await help('vrrp_script')).text, /\(at the top level\)\n.*\n {2}Words: script, interval, /);
});

test('what is no keyword of a block is explained too', async t => {
  t.regex((await help('includer')).text, /^includer FILE {3}\(in any block\)\n {2}As include, /);
  for (const word of ['include', '@', '$', '~SEQx', '~LST', '_PWD']) t.is((await help(word)).status, 0, word);
});

test('another word and an old one are said to be', async t => {
  t.regex((await help('lb_algo')).text, /Another word for lvs_sched\./);
  t.regex((await help('vrrp_track_file')).text, /An old word for track_file\./);
});

test('a command is explained as well', async t => {
  const { text } = await help('reload');
  t.regex(text, /director reload \[FILE\]/);
  t.notRegex(text, /director status/);
});

test('all of it fits on a serial console', t => {
  const platform = createConnected({});
  dispatch(platform, ['help']);
  const lines = platform.output.text.split('\n');
  t.true(lines.includes('  director status'));
  t.true(lines.includes('      shows the whole director on one screen'));
  t.deepEqual(
    lines.filter(line => line.length > 79),
    [],
  );
});

test('long explanations are broken between words', async t => {
  const { text } = await help('tuning');
  t.regex(text, /\n {2}Words: latency_timer, unbind, .*\n {4}\w+, /);
  t.true(text.split('\n').every(line => line.length < 80));
});

test('what is no word gets the nearest one, status 2', async t => {
  t.like(await help('prioritty'), {
    status: 2,
    errors: 'director: no help for "prioritty": did you mean "priority"?\n',
  });
  t.regex((await help('min_rx')).errors, /known to keepalived, but not supported/);
});

test('every word of the vocabulary is explained, in JSON too', async t => {
  const words = (fields: Fields): string[] =>
    [...fields].flatMap(([word, { name, keyword }]) => [
      word,
      ...(keyword.fields !== null && name === word ? words(keyword.fields) : []),
    ]);
  for (const word of words(vocabulary)) t.true(explain(word, vocabulary).length > 0, word);
  const { keywords } = JSON.parse((await help('priority --json')).text);
  t.like(keywords[0], { within: ['vrrp_instance'], usage: 'priority NUMBER', default: '100' });
});
