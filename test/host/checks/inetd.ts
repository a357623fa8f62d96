// As inetd: `node inetd.ts ADDRESS PORT PROGRAM [ARGUMENT...]` runs the program once for each connection, which is its input and output.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const [address = '', port = '', program = '', ...args] = process.argv.slice(2);

createServer({ pauseOnConnect: true }, socket => {
  const child = spawn(program, args, { stdio: [socket, socket, 'inherit'] });
  child.on('close', () => socket.destroy());
}).listen(Number(port), address);
