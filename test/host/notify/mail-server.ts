// A mail server that takes everything: `node mail-server.ts ADDRESS`, prints `listening`, then each message as a line of JSON.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [, , address] = process.argv;

const server = createServer(socket => {
  const envelope = { helo: '', sender: '', recipients: '' };
  let body: string[] | null = null;
  const say = (text: string) => socket.write(`${text}\r\n`);

  function end(lines: readonly string[]): void {
    const head = lines.indexOf('');
    console.log(
      JSON.stringify({ ...envelope, headers: lines.slice(0, head), text: lines.slice(head + 1).join('\n') }),
    );
    body = null;
    say('250 taken');
  }

  function take(line: string): void {
    const [word = ''] = line.split(/[ :]/);
    if (word === 'RCPT') envelope.recipients += line.slice('RCPT TO:'.length);
    if (word === 'MAIL') envelope.sender = line.slice('MAIL FROM:'.length);
    if (word === 'HELO') envelope.helo = line.slice('HELO '.length);
    if (word === 'DATA') body = [];
    say(word === 'DATA' ? '354 go on' : word === 'QUIT' ? '221 bye' : '250-fine\r\n250 really');
  }

  socket.on('error', () => {});
  say('220 here');
  createInterface({ input: socket })
    .on('error', () => {})
    .on('line', line => {
      if (body === null) take(line);
      else if (line === '.') end(body);
      else body.push(line);
    });
});
server.listen(25, address, () => console.log('listening'));
