// scripts/flash IMAGE DEVICE [--fixed]: writes an image to a card, after showing what the device is and asking, and verifies it.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { describeDevice, deviceText, refusals } from './flashing/device.ts';
import { copyImage, firstDifference } from './flashing/write.ts';

const USAGE = 'usage: scripts/flash IMAGE DEVICE [--fixed]    e.g. scripts/flash out/net4801.img /dev/sdX';
const KERNEL = { sys: '/sys', proc: '/proc' };

/** A reason not to write; the message says it all. */
class Refusal extends Error {}

/** `8:16` of a block device. */
function deviceNumber(path: string): string {
  const status = statSync(path);
  if (!status.isBlockDevice()) throw new Refusal(`${path} is not a block device`);
  // makedev(3) on Linux.
  const major = ((status.rdev >>> 8) & 0xfff) | 0;
  const minor = (status.rdev & 0xff) | ((status.rdev >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

/** Asks for the device's name; the end of the input is no. */
async function confirmed(name: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>(resolve => terminal.once('close', () => resolve('')));
  const question = terminal.question(`Everything on it will be lost. To go on, type its name (${name}): `);
  const answer = await Promise.race([question, ended]);
  terminal.close();
  return answer.trim() === name;
}

function progress(what: string, length: number): (done: number) => void {
  return done => {
    const percent = Math.floor((100 * done) / length);
    process.stdout.write(`\r${what} ${percent} %${done === length ? '\n' : ''}`);
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { fixed: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [imagePath, devicePath, ...rest] = positionals;
  if (!imagePath || !devicePath || rest.length > 0) throw new Refusal(USAGE);
  const image = openSync(imagePath, 'r');
  const length = fstatSync(image).size;
  const path = realpathSync(devicePath);
  const device = describeDevice(KERNEL, deviceNumber(path));
  process.stdout.write(deviceText(device));
  const reasons = refusals(device, length, values.fixed);
  if (reasons.length > 0) throw new Refusal(reasons.join('\n'));
  if (!(await confirmed(basename(path)))) throw new Refusal('not confirmed: nothing was written');
  // O_EXCL: the kernel refuses while anybody, also in another namespace, has the disk or a partition mounted.
  const target = openSync(path, constants.O_RDWR | constants.O_EXCL);
  if (deviceNumber(`/proc/self/fd/${target}`) !== deviceNumber(path))
    throw new Refusal('the device has changed');
  copyImage(image, target, length, progress('writing', length));
  // What is read back has to come from the card, not from memory.
  execFileSync('blockdev', ['--flushbufs', path]);
  const difference = firstDifference(image, target, length, progress('verifying', length));
  closeSync(target);
  if (difference !== null) throw new Error(`the card differs from byte ${difference} on: it is broken`);
  console.log(`${basename(path)} carries ${imagePath}. Wait a few seconds before you pull it out.`);
}

try {
  await main();
} catch (error) {
  console.error(`flash: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof Refusal || error instanceof TypeError ? 2 : 1;
}
