import test from 'ava';
import type { MailConfig } from '../../src/director/config/vrrp-config.ts';
import { createMailer } from '../../src/director/notify/mail.ts';
import type { Letter } from '../../src/director/notify/notice.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';

const CONFIG: MailConfig = {
  server: '10.0.0.25',
  port: 25,
  timeout: 30_000,
  helo: null,
  from: 'director@example.org',
  to: ['admin@example.org'],
  faults: true,
};

const letter = (name: string): Letter => ({ subject: `VRRP Instance ${name}`, text: `about ${name}\n` });
const text = (data: Uint8Array) => new TextDecoder().decode(data);

/** A mail server on every connection: `refuse` names the command that it does not like. */
function world() {
  const delivered: string[] = [];
  const server = { refuse: '', leaves: false };
  const platform = createFake({
    onSocket(socket) {
      socket.connecting = 'at once';
      socket.onSend = ({ data }) => answer(socket, text(data));
      platform.soon(() => socket.deliver(new TextEncoder().encode('220-mx\r\n220 hello\r\n')));
    },
  });
  function answer(socket: FakeSocket, said: string): void {
    const word = said.split(' ')[0]!.trim();
    if (word === 'Date:') {
      delivered.push(said);
      if (server.leaves) {
        socket.send = () => {
          throw Object.assign(new Error('gone'), { code: 'EPIPE', syscall: 'send', argument: '' });
        };
      }
    }
    const code = word === server.refuse ? '550' : word === 'DATA' ? '354' : '250';
    socket.deliver(new TextEncoder().encode(`${code} ${word}\r\n`));
  }
  const said: string[] = [];
  const tell = (line: string) => said.push(line);
  const mailer = createMailer(platform, { info: tell, warn: tell, error: tell }, () => 'lvs1');
  const subjects = () => delivered.map(each => /^Subject: (.*)\r$/m.exec(each)![1]);
  return { platform, server, mailer, delivered, subjects, said };
}

test('a letter goes out at once, with what the configuration says', t => {
  const { platform, mailer, delivered } = world();
  mailer.configure(CONFIG);
  mailer.send(letter('web'));
  platform.clock.advance(0);
  t.is(delivered.length, 1);
  t.regex(delivered[0]!, /^To: admin@example\.org\r$/m);
  t.regex(delivered[0]!, /\r\nabout web\r\n\.\r\n$/);
  t.deepEqual(platform.sockets[0]?.connectedTo, {
    family: 'inet',
    address: Uint8Array.of(10, 0, 0, 25),
    port: 25,
  });
  t.true(platform.sockets[0]?.closed);
});

test('what happens soon after goes into one message some seconds later', t => {
  const { platform, mailer, delivered, subjects } = world();
  mailer.configure(CONFIG);
  mailer.send(letter('web'));
  platform.clock.advance(100);
  mailer.send(letter('mail'));
  mailer.send(letter('dns'));
  platform.clock.advance(9000);
  t.is(delivered.length, 1);
  platform.clock.advance(1000);
  t.deepEqual(subjects(), ['VRRP Instance web', 'VRRP Instance dns (and 1 more)']);
  t.regex(delivered[1]!, /VRRP Instance mail\r\nabout mail\r\n\r\nVRRP Instance dns\r\nabout dns/);
});

test('of very many letters the last are sent, and how many were left out', t => {
  const { platform, mailer, delivered, subjects } = world();
  mailer.configure(CONFIG);
  for (let number = 0; number < 60; number++) mailer.send(letter(`web${number}`));
  platform.clock.advance(0);
  t.deepEqual(subjects(), ['VRRP Instance web59 (and 59 more)']);
  t.regex(delivered[0]!, /\r\n10 earlier ones are left out\.\r\n\.\r\n$/);
});

test('what is refused is sent again, with what came meanwhile, and given up after a while', t => {
  const { platform, server, mailer, subjects, said } = world();
  server.refuse = 'MAIL';
  mailer.configure(CONFIG);
  mailer.send(letter('web'));
  platform.clock.advance(0);
  t.deepEqual(said, ['mail: 10.0.0.25: the server refuses MAIL: 550 MAIL']);
  mailer.send(letter('dns'));
  server.refuse = '';
  platform.clock.advance(30_000);
  t.deepEqual(subjects(), ['VRRP Instance dns (and 1 more)']);
  server.refuse = 'HELO';
  mailer.send(letter('mail'));
  platform.clock.advance(10 * 60_000);
  t.regex(said.at(-1)!, /1 notifications are given up/);
  server.refuse = '';
  platform.clock.advance(10 * 60_000);
  t.is(subjects().length, 1);
});

test('a server that leaves once it has the message has it', t => {
  const { platform, server, mailer, delivered, said } = world();
  server.leaves = true;
  mailer.configure(CONFIG);
  mailer.send(letter('web'));
  platform.clock.advance(100_000);
  t.is(delivered.length, 1);
  t.deepEqual(said, []);
});

test('a server that says nothing is given up within its time, and one that is no address at once', t => {
  const { platform, mailer, said } = world();
  mailer.configure({ ...CONFIG, server: 'mail.example.org' });
  mailer.send(letter('web'));
  platform.clock.advance(1);
  t.deepEqual(said, ['mail: mail.example.org is no address']);
  const silent = createFake();
  const heard: string[] = [];
  const tell = (line: string) => heard.push(line);
  const patient = createMailer(silent, { info: tell, warn: tell, error: tell }, () => 'lvs1');
  patient.configure(CONFIG);
  patient.send(letter('web'));
  silent.clock.advance(30_000);
  t.deepEqual(heard, ['mail: 10.0.0.25: no answer within 30 s']);
});

test('the last words are sent without a pause', async t => {
  const { platform, server, mailer, subjects } = world();
  mailer.configure(CONFIG);
  await mailer.flush();
  mailer.send(letter('web'));
  platform.clock.advance(0);
  mailer.send(letter('dns'));
  const flushed = mailer.flush();
  platform.clock.advance(0);
  await flushed;
  t.deepEqual(subjects(), ['VRRP Instance web', 'VRRP Instance dns']);
  server.refuse = 'HELO';
  mailer.send(letter('mail'));
  const refused = mailer.flush();
  platform.clock.advance(0);
  await refused;
  t.is(subjects().length, 2);
});

test('without a configuration nothing is sent, and nothing after the end', t => {
  const { platform, mailer } = world();
  mailer.send(letter('web'));
  mailer.configure(CONFIG);
  mailer.send(letter('web'));
  mailer.close();
  platform.clock.advance(100_000);
  t.deepEqual(platform.sockets, []);
});

test('while it rests letters wait, but not for the end', async t => {
  const { platform, mailer, subjects } = world();
  mailer.configure(CONFIG);
  mailer.rest(true);
  mailer.send(letter('one'));
  platform.clock.advance(60_000);
  t.deepEqual(subjects(), []);
  mailer.rest(false);
  platform.clock.advance(0);
  t.deepEqual(subjects(), ['VRRP Instance one']);
  mailer.rest(true);
  platform.clock.advance(60_000);
  mailer.send(letter('two'));
  const flushed = mailer.flush();
  platform.clock.advance(0);
  await flushed;
  t.deepEqual(subjects(), ['VRRP Instance one', 'VRRP Instance two']);
});
