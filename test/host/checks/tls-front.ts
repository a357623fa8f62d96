// A way in by TLS for a server that has none: `node tls-front.ts ADDRESS PORT FOLDER TARGET [smtp]`, with the certificate `good` of
// the folder. With `smtp` TLS begins when STARTTLS asks for it, and the greeting of the server behind is kept from the client.
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';

const [address = '', port = '', folder = '', target = '', protocol = ''] = process.argv.slice(2);
const [cert, key] = ['pem', 'key'].map(kind => readFileSync(join(folder, `good.${kind}`)));
const secureContext = createSecureContext({ cert, key });

function serve(client: Socket, hidesGreeting: boolean): void {
  const inside = new TLSSocket(client, { isServer: true, secureContext });
  const behind = connect(Number(target), address);
  for (const each of [inside, behind]) each.on('error', () => {});
  const join = () => inside.pipe(behind).pipe(inside);
  if (hidesGreeting) behind.once('data', join);
  else join();
}

function untilStartTls(client: Socket): void {
  client.write('220 mx.example.org ready\r\n');
  const take = (data: Buffer) => {
    const line = String(data);
    if (line.startsWith('EHLO ')) client.write('250-mx.example.org\r\n250 STARTTLS\r\n');
    if (!line.startsWith('STARTTLS')) return;
    client.off('data', take);
    client.write('220 go ahead\r\n');
    serve(client, true);
  };
  client.on('data', take);
}

createServer(client => {
  client.on('error', () => {});
  if (protocol === 'smtp') untilStartTls(client);
  else serve(client, false);
}).listen(Number(port), address);
