// Checks that are conversations, of the real binary against servers that answer and servers that misbehave.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { startAnswers } from './checks/servers.ts';
import { INTERFACE, service } from './director/configs.ts';
import { buildDirector, createPlace, Director, until } from './director/director.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const TIMING = '\n connect_timeout 5\n retry 0\n';

const block = (kind: string, lines = '') => `${kind} {${TIMING}${lines}\n}`;

/** Port, check, and why it is up or down. */
type Case = readonly [number, string, 'up' | 'down', RegExp];

/** What is to be said of a check of servers whatever it says: those of line-answers.ts that never behave. */
const misbehaved = (
  check: string,
  garbage: RegExp,
  endless: RegExp,
  dribble = /^no answer within 5 s/,
): readonly Case[] => [
  [7201, check, 'down', /^no answer within 5 s/],
  // What was said to it before may be what meets the reset.
  [7202, check, 'down', /^connection (?:reset|closed)/],
  [7203, check, 'down', dribble],
  [7204, check, 'down', garbage],
  [7205, check, 'down', endless],
  [7206, check, 'down', /^(?:connection )?(?:closed|reset)/],
  [7299, check, 'down', /^connection refused/],
];

const CHAT = block(
  'TCP_CHAT',
  'expect "ready?\\r\\n"\n send "count 17\\r\\n"\n expect_regex "^counted (1|17)\\r\\n"',
);

const AGENT = block('AGENT_CHECK');

const POP = block('POP_CHECK', 'login ann\n password sesame');
const IMAP = block('IMAP_CHECK', 'login ann\n password sesame');

const FTP = block('FTP_CHECK', 'login ann\n password sesame');
const NNTP = block('NNTP_CHECK', 'login ann\n password sesame\n group local.test');

const SIP = block('SIP_CHECK');
const SIP_OVER_TCP = block('SIP_CHECK', 'protocol TCP');

const SMTP = block('SMTP_CHECK', 'starttls');

const CASES: readonly Case[] = [
  [7261, SMTP, 'down', /^the answer to STARTTLS is 454$/],
  [7262, SMTP, 'down', /^says more than it is asked before TLS begins$/],
  ...misbehaved(SMTP, /^the greeting is not SMTP$/, /^the greeting is not SMTP$/),
  [7251, SIP, 'up', /^status 200$/],
  [7252, SIP, 'down', /^status 503$/],
  [7252, block('SIP_CHECK', 'status_code 500-599'), 'up', /^status 503$/],
  [7253, SIP, 'down', /^no answer within 5 s$/],
  [7254, SIP, 'down', /^no answer within 5 s$/],
  [7255, SIP, 'down', /^no answer within 5 s$/],
  [7299, SIP, 'down', /^port unreachable$/],
  [7256, SIP_OVER_TCP, 'up', /^status 200$/],
  ...misbehaved(
    SIP_OVER_TCP,
    /^the answer is no response to OPTIONS$/,
    /^the answer is no response to OPTIONS$/,
    /^the answer is no response to OPTIONS$/,
  ),
  [7241, FTP, 'up', /^greets and takes the login$/],
  [7241, block('FTP_CHECK'), 'up', /^greets and says goodbye$/],
  [7241, block('FTP_CHECK', 'login anonymous'), 'up', /^greets and takes the login$/],
  [7241, block('FTP_CHECK', 'login ann\n password wrong'), 'down', /^the answer to PASS is 530$/],
  [7241, block('FTP_CHECK', 'starttls'), 'down', /^the answer to AUTH TLS is 530$/],
  [7231, FTP, 'down', /^the greeting is not FTP$/],
  ...misbehaved(FTP, /^the greeting is not FTP$/, /^the greeting is not FTP$/),
  [7242, NNTP, 'up', /^greets and has the group local.test$/],
  [7242, block('NNTP_CHECK'), 'up', /^greets and says goodbye$/],
  [7242, block('NNTP_CHECK', 'group local.none'), 'down', /^the answer to GROUP is 411$/],
  [7242, block('NNTP_CHECK', 'login ann\n password wrong'), 'down', /^the answer to AUTHINFO PASS is 480$/],
  ...misbehaved(NNTP, /^the greeting is not NNTP$/, /^the greeting is not NNTP$/),
  [7231, POP, 'up', /^greets and takes the login$/],
  [7231, block('POP_CHECK'), 'up', /^greets and says goodbye$/],
  [7231, block('POP_CHECK', 'login ann\n password wrong'), 'down', /^the answer to PASS is -ERR$/],
  ...misbehaved(POP, /^the greeting is not POP3$/, /^the greeting is not POP3$/),
  [7231, block('POP_CHECK', 'starttls'), 'down', /^the answer to STLS is -ERR$/],
  [7233, block('POP_CHECK', 'starttls'), 'down', /^TLS/],
  [7234, block('POP_CHECK', 'starttls'), 'down', /^no answer within 5 s/],
  [7235, block('POP_CHECK', 'starttls'), 'down', /^says more than it is asked before TLS begins$/],
  [7232, IMAP, 'up', /^greets and takes the login$/],
  [7232, block('IMAP_CHECK'), 'up', /^greets and takes commands$/],
  [7232, block('IMAP_CHECK', 'login ann\n password wrong'), 'down', /^the answer to LOGIN is NO$/],
  [7231, IMAP, 'down', /^the greeting is not IMAP$/],
  ...misbehaved(IMAP, /^the greeting is not IMAP$/, /^the greeting is not IMAP$/),
  [7221, AGENT, 'up', /^the agent says "up 50%"$/],
  [7222, AGENT, 'down', /^the agent says "stopped # for the night"$/],
  [7223, block('AGENT_CHECK', 'send "web1\\n"'), 'up', /^the agent says "up"$/],
  [7298, block('AGENT_CHECK', 'optional'), 'up', /^connection refused: everything stays as it was$/],
  [7211, AGENT, 'down', /^the agent is not understood: "ready\?"$/],
  ...misbehaved(
    AGENT,
    /^the agent is not understood: /,
    /^the agent is not understood|^the answer is longer than 512 bytes$/,
  ),
  [7211, CHAT, 'up', /^says all that is expected$/],
  [7212, CHAT, 'down', /^no answer within 5 s: step 3 waits for .*, there is "one two three"$/],
  ...misbehaved(CHAT, /^no answer within 5 s: step 1 .* nothing of the kind"$/, /^more than 65536 bytes/),
];

test('servers are judged by what they say, those that misbehave too', async t => {
  const place = createPlace();
  await startAnswers(t, place, 'line-answers.ts');
  // A real server of its own for each: an address and port stands once in a service.
  const servers = CASES.map(([port, check], index) => ({
    address: `10.9.1.${index + 1}`,
    port,
    check: check.replace('{', `{\n connect_ip 10.9.0.2\n connect_port ${port}\n`),
  }));
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/IPVS|is up/);
  const { services } = await until(
    () => director.services(),
    status => status.services[0]?.realServers.every(server => server.state !== 'starting') === true,
  );
  for (const [index, [port, check, state, reason]] of CASES.entries()) {
    const server = services[0]!.realServers[index]!;
    t.is(server.state, state, `${port} ${check}: ${server.reason}`);
    t.regex(server.reason, reason, `${port} ${check}`);
  }
});

test('an agent says what share of the work its server can take', async t => {
  t.timeout(90_000);
  const place = createPlace();
  // In one step: an agent that has nothing to say yet is not understood.
  const say = (text: string) => {
    writeFileSync(join(place.folder, 'next'), text);
    renameSync(join(place.folder, 'next'), join(place.folder, 'agent'));
  };
  say('75%');
  await startAnswers(t, place, 'line-answers.ts');
  const lines = 'connect_port 7224\n delay_loop 0.2\n retry 0';
  // Beside another check: each has its say.
  const checks = `AGENT_CHECK {\n ${lines}\n}\n TCP_CHECK {\n connect_port 7201\n}`;
  const text = INTERFACE + service({ address: '10.9.0.2', check: checks });
  const director = new Director(t, binary, place, text.replace('weight 1\n', 'weight 20\n'));
  await director.line(/IPVS|is up/);
  const becomes = (weight: number) =>
    until(
      () => director.realServer('10.9.0.2'),
      server => server?.state === 'up' && server.weight === weight,
    );
  await becomes(15);
  say('up 50%\n');
  await becomes(10);
  const from = director.length;
  say('down # the disk is full\n');
  await director.line(/is down, was up: the agent says "down # the disk is full"/, from);
  say('up');
  await becomes(10);
  say('100%');
  t.is((await becomes(20)).state, 'up');
  const drained = director.length;
  say('drain');
  await director.line(/is draining, was up: the server itself asked for a drain/, drained);
  // It takes both words to come back with a part of the weight.
  say('75% ready');
  await director.line(/is up, was draining/, drained);
  t.is((await becomes(15)).state, 'up');
  say('maint');
  await director.line(/is (?:draining|maintenance), was up/, drained);
});
