// Servers that misbehave, each on its port: `node bad-server.ts`, prints a line when all of them listen.
import { createServer, type Socket } from 'node:net';

const BEHAVIOURS: Readonly<Record<number, (socket: Socket) => void>> = {
  // Takes the request and says nothing.
  7001: () => {},
  7002: socket => socket.once('data', () => socket.resetAndDestroy()),
  7003: socket => socket.write('\u0000\u0001\u0002 not what you think\r\n\r\n'),
  7004: socket => socket.end(),
  // One byte every 100 ms: the head would be whole after the time is up.
  7005(socket) {
    const text = `HTTP/1.1 200 OK\r\nX-Filler: ${'x'.repeat(100)}\r\n\r\n`;
    let at = 0;
    const timer = setInterval(() => {
      if (at < text.length && !socket.destroyed) socket.write(text[at++]!);
      else clearInterval(timer);
    }, 100);
  },
  // A head without an end.
  7006(socket) {
    const fill = () => {
      while (!socket.destroyed && socket.write(`X-Filler: ${'x'.repeat(1000)}\r\n`));
    };
    socket.write('HTTP/1.1 200 OK\r\n');
    socket.on('drain', fill);
    fill();
  },
};

let left = Object.keys(BEHAVIOURS).length;
for (const [port, behave] of Object.entries(BEHAVIOURS)) {
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    behave(socket);
  });
  server.listen(Number(port), () => {
    left--;
    if (left === 0) console.log('listening');
  });
}
