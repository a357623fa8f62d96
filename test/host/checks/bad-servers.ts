// Servers that speak no protocol: `node bad-servers.ts`, prints a line when all of them are there. The same ports over TCP and UDP.
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

const GARBAGE = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 151 + 77) & 0xff));

const STREAMS: Readonly<Record<number, (socket: Socket) => void>> = {
  // Hangs.
  7301: () => {},
  // Resets once something was said to it.
  7302: socket => socket.once('data', () => socket.resetAndDestroy()),
  // Sends garbage, whatever it hears, and without an end.
  7303: socket => fill(socket, GARBAGE),
  // Dribbles.
  7304(socket) {
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write(Buffer.of(0));
    }, 100);
  },
  // Closes.
  7305: socket => socket.end(),
  // Says back what it hears.
  7306: socket => socket.pipe(socket),
};

const DATAGRAMS: Readonly<Record<number, (datagram: Buffer) => Buffer | null>> = {
  7301: () => null,
  7303: () => GARBAGE,
  7306: datagram => datagram,
};

function fill(socket: Socket, piece: Buffer): void {
  const go = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', go);
  go();
}

let left = Object.keys(STREAMS).length + Object.keys(DATAGRAMS).length;

function ready(): void {
  if (--left === 0) console.log('listening');
}

for (const [port, behave] of Object.entries(STREAMS)) {
  const server = createServer(socket => {
    socket.on('error', () => {});
    behave(socket);
    socket.resume();
  });
  server.listen(Number(port), ready);
}

for (const [port, answer] of Object.entries(DATAGRAMS)) {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, from) => {
    const reply = answer(datagram);
    if (reply !== null) socket.send(reply, from.port, from.address);
  });
  socket.bind(Number(port), ready);
}
