// Servers of several protocols, good ones and bad ones, each on its port: `node answers.ts`, prints a line when all of them are there.
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

/** The query as an answer with this code. */
function dnsAnswer(query: Buffer, code: number): Buffer {
  const answer = Buffer.from(query);
  answer[2]! |= 0x80;
  answer[3] = 0x80 | code;
  return answer;
}

/** What each port makes of a datagram; null: nothing. */
const DATAGRAMS: Readonly<Record<number, (datagram: Buffer) => Buffer | null>> = {
  7101: query => dnsAnswer(query, 0),
  7102: query => dnsAnswer(query, 2),
  7103: () => null,
  7104: () => Buffer.from('what do you want?'),
  // To a question that nobody asked.
  7105(query) {
    const answer = dnsAnswer(query, 0);
    answer[13]! ^= 1;
    return answer;
  },
  7111: datagram => Buffer.concat([Buffer.from('re'), datagram]),
};

function smtp(socket: Socket, helo: string): void {
  socket.write('220-mx.example.org\r\n220 ready\r\n');
  let text = '';
  socket.on('data', data => {
    text += data.toString('latin1');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      if (line.startsWith('HELO ')) socket.write(helo);
      if (line.startsWith('QUIT')) socket.end('221 bye\r\n');
    }
  });
}

const STREAMS: Readonly<Record<number, (socket: Socket) => void>> = {
  7121: socket => smtp(socket, '250 hello\r\n'),
  7122: socket => smtp(socket, '502 no\r\n'),
  7123: () => {},
  7124: socket => socket.write('\u0000\u0001 nothing of the kind\r\n'),
  7125: socket => socket.resetAndDestroy(),
  // One byte every 100 ms.
  7126(socket) {
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write('2');
    }, 100);
  },
};

/** HTTP answers behind a request, by port. */
const BODIES: Readonly<Record<number, (socket: Socket) => void>> = {
  7131: socket => socket.write('Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n'),
  7132: socket => socket.write('Transfer-Encoding: chunked\r\n\r\nhello\r\n'),
  // It never closes, and its length is right.
  7133: socket => socket.write('Content-Length: 5\r\n\r\nhello'),
  // More than there is.
  7134: socket => socket.end('Content-Length: 50\r\n\r\nhello'),
  // Without an end.
  7135(socket) {
    const piece = 'x'.repeat(10_000);
    const fill = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.write('\r\n');
    socket.on('drain', fill);
    fill();
  },
  // One byte every 100 ms.
  7136(socket) {
    socket.write('\r\n');
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write('x');
    }, 100);
  },
  7138: socket => socket.end(`\r\n${ENDLESS}`),
  7137(socket) {
    socket.write('Content-Length: 50\r\n\r\nhello', () => setTimeout(() => socket.resetAndDestroy(), 100));
  },
};

/** What a search with a repetition within a repetition never gets through. */
const ENDLESS = `${'a'.repeat(60)}b`;

let left = Object.keys(DATAGRAMS).length + Object.keys(STREAMS).length + Object.keys(BODIES).length;

function ready(): void {
  left--;
  if (left === 0) console.log('listening');
}

for (const [port, answer] of Object.entries(DATAGRAMS)) {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, from) => {
    const reply = answer(datagram);
    if (reply !== null) socket.send(reply, from.port, from.address);
  });
  socket.bind(Number(port), ready);
}

/** The same with the head of an answer before it, once the request is there. */
function answering(body: (socket: Socket) => void): (socket: Socket) => void {
  return socket =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n');
      body(socket);
    });
}

const ANSWERS = Object.entries(BODIES).map(([port, body]) => [port, answering(body)] as const);

for (const [port, behave] of [...Object.entries(STREAMS), ...ANSWERS]) {
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    behave(socket);
  });
  server.listen(Number(port), ready);
}
