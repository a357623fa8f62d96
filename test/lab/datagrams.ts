// UDP in the lab: real servers that answer with their name, and a client that asks.
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { client } from '../../scripts/lab/plan.ts';
import { type Running, run, start } from '../../scripts/lab/process.ts';

const SERVER = `
const { createSocket } = require('node:dgram');
const [name, ...places] = process.argv.slice(1);
for (const place of places) {
  const [address, port] = place.split(' ');
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (_, from) => socket.send(name, from.port, from.address));
  socket.bind(Number(port), address);
}`;

/** From one socket, one text after the other; each is sent again until its answer comes, from whom it was asked. */
const CLIENT = `
const { createSocket } = require('node:dgram');
const { once } = require('node:events');
const [from, address, port, ...texts] = process.argv.slice(1);
const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
const ask = async text => {
  for (let attempt = 0; attempt < 30; attempt++) {
    socket.send(text, Number(port), address);
    try {
      const [answer, sender] = await once(socket, 'message', { signal: AbortSignal.timeout(1000) });
      if (sender.address === address) return answer.toString();
    } catch {}
  }
  throw new Error('no answer from ' + address);
};
(async () => {
  socket.bind(Number(from));
  await once(socket, 'listening');
  for (const text of texts) console.log(await ask(text));
  socket.close();
})();`;

/** Starts a server named `name` in its namespace; it answers on each of `places`: `ADDRESS PORT`. */
export function serveDatagrams(name: string, places: readonly string[]): Running {
  return start(`UDP of ${name}`, inNamespace(name, [process.execPath, '-e', SERVER, name, ...places]));
}

/** Who answered each of the texts, which the client sends from one port: `from`, or any that is free. */
export async function askDatagrams(
  address: string,
  port: number,
  texts: readonly string[],
  from = 0,
): Promise<string[]> {
  const command = [process.execPath, '-e', CLIENT, String(from), address, String(port), ...texts];
  return (await run(inNamespace(client.name, command))).trim().split('\n');
}
