// A way in by TLS for a server that has none: `node tls-front.ts ADDRESS PORT FOLDER TARGET`, with the certificate `good` of the folder.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

const [address = '', port = '', folder = '', target = ''] = process.argv.slice(2);
const [cert, key] = ['pem', 'key'].map(kind => readFileSync(join(folder, `good.${kind}`)));

createServer({ cert, key }, socket => {
  const behind = connect(Number(target), address);
  for (const each of [socket, behind]) each.on('error', () => {});
  socket.pipe(behind).pipe(socket);
}).listen(Number(port), address);
