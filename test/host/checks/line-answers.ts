// Servers that checks hold conversations with, each on its port: `node line-answers.ts FOLDER`, prints a line when all of them are
// there.
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** Says the first line, then one for each line that matches a pattern; closes behind a line that begins with `!`. */
function replies(greeting: string, answers: readonly (readonly [RegExp, string])[]) {
  return (socket: Socket): void => {
    const say = (text: string) => {
      if (text.startsWith('!')) socket.end(text.slice(1));
      else socket.write(text);
    };
    if (greeting !== '') say(greeting);
    let heard = '';
    socket.on('data', data => {
      heard += data.toString('latin1');
      for (let end = heard.indexOf('\n'); end >= 0; end = heard.indexOf('\n')) {
        const line = heard.slice(0, end).trimEnd();
        heard = heard.slice(end + 1);
        const answer = answers.find(([pattern]) => pattern.test(line));
        if (answer !== undefined) say(line.replace(answer[0], answer[1]));
      }
    });
  };
}

function every(milliseconds: number, socket: Socket, step: () => void): void {
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else step();
  }, milliseconds);
}

const STREAMS: Readonly<Record<number, (socket: Socket) => void>> = {
  // What may befall every check: nobody speaks, a reset, one byte now and then, garbage, no end, closed at once.
  7201: () => {},
  7202: socket => socket.resetAndDestroy(),
  7203: socket => every(100, socket, () => socket.write('2')),
  7204: socket => socket.write('\u0000\u0001 nothing of the kind\r\n'),
  7205(socket) {
    const piece = `${'x'.repeat(999)}\n`.repeat(10);
    const fill = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', fill);
    fill();
  },
  7206: socket => socket.end(),
  // Chats.
  7211: replies('ready?\r\n', [[/^count (\d+)$/, 'counted $1\r\n']]),
  7212: replies('ready?\r\n', [[/^count.*$/, 'one two three\r\n']]),
  // Agents: two that always say the same, and one that says what stands in a file.
  7221: socket => socket.end('up 50%'),
  7222: socket => socket.end('stopped # for the night\n'),
  7223: replies('', [[/^web1$/, '!up\n']]),
  7224: socket => socket.end(readFileSync(join(process.argv[2]!, 'agent'))),
  // Mailboxes.
  7231: replies('+OK ready\r\n', [
    [/^USER ann$/, '+OK\r\n'],
    [/^PASS sesame$/, '+OK 3 messages\r\n'],
    [/^QUIT$/, '!+OK\r\n'],
    [/^.*$/, '-ERR $&\r\n'],
  ]),
  // What comes when TLS is to begin: garbage, nothing, an answer too early.
  7233: replies('+OK\r\n', [
    [/^STLS$/, '+OK\r\n'],
    [/^.*$/, 'what is that?\r\n'],
  ]),
  7234: replies('+OK\r\n', [[/^STLS$/, '+OK\r\n']]),
  7235: replies('+OK\r\n', [[/^STLS$/, '+OK\r\n+OK you are in\r\n']]),
  7232: replies('* OK ready\r\n', [
    [/^(a\d+) LOGIN "ann" "sesame"$/, '* CAPABILITY IMAP4rev1\r\n$1 OK\r\n'],
    [/^(a\d+) NOOP$/, '* 5 EXISTS\r\n$1 OK\r\n'],
    [/^(a\d+) LOGOUT$/, '!* BYE\r\n$1 OK\r\n'],
    [/^(a\d+) .*$/, '$1 NO\r\n'],
  ]),
  7256: socket => socket.once('data', data => socket.end(sip(data.toString('latin1'), '200 OK'))),
  // Mail servers that do not begin TLS, or would have their own words taken for those within it.
  7261: replies('220 mx\r\n', [
    [/^EHLO .*$/, '250 STARTTLS\r\n'],
    [/^STARTTLS$/, '454 not now\r\n'],
  ]),
  7262: replies('220 mx\r\n', [
    [/^EHLO .*$/, '250 STARTTLS\r\n'],
    [/^STARTTLS$/, '220 go\r\n250 mx\r\n'],
  ]),
  // Files and news.
  7241: replies('220-welcome\r\n as you are\r\n220 ready\r\n', [
    [/^USER (?:ann|anonymous)$/, '331\r\n'],
    [/^PASS (?:sesame|director@)$/, '230-\r\nfine\r\n230 in\r\n'],
    [/^QUIT$/, '!221 bye\r\n'],
    [/^.*$/, '530 no\r\n'],
  ]),
  7242: replies('201 ready\r\n', [
    [/^AUTHINFO USER ann$/, '381\r\n'],
    [/^AUTHINFO PASS sesame$/, '281\r\n'],
    [/^GROUP local\.test$/, '211 1 1 1 local.test\r\n'],
    [/^GROUP .*$/, '411\r\n'],
    [/^QUIT$/, '!205 bye\r\n'],
    [/^.*$/, '480\r\n'],
  ]),
};

function sip(request: string, status: string): string {
  const lines = request.split('\r\n').filter(line => /^(?:Via|From|To|Call-ID|CSeq):/.test(line));
  return [`SIP/2.0 ${status}`, ...lines, 'Content-Length: 0', '', ''].join('\r\n');
}

/** What each port makes of a datagram; those that are not here say nothing. */
const DATAGRAMS: Readonly<Record<number, (datagram: string) => string>> = {
  7251: request => sip(request, '200 OK'),
  7252: request => sip(request, '503 Service Unavailable'),
  7253: request => sip(request.replace(/Call-ID: ../, 'Call-ID: xx'), '200 OK'),
  7254: () => '\u0000\u0001 nothing of the kind',
  7255: () => '',
};

let left = Object.keys(STREAMS).length + Object.keys(DATAGRAMS).length;

function ready(): void {
  left--;
  if (left === 0) console.log('listening');
}

for (const [port, answer] of Object.entries(DATAGRAMS)) {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, from) => {
    const reply = answer(datagram.toString('latin1'));
    if (reply !== '') socket.send(Buffer.from(reply, 'latin1'), from.port, from.address);
  });
  socket.bind(Number(port), ready);
}

for (const [port, behave] of Object.entries(STREAMS)) {
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    behave(socket);
  });
  server.listen(Number(port), ready);
}
