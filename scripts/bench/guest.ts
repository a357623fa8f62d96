// A board in QEMU whose director makes room for what a benchmark runs on it: every instruction takes 4 ns of its clock, whatever this
// machine does.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { makeCard } from '../lab/card.ts';
import { boardOf, SCRATCH } from '../lab/lab.ts';
import { type Machine, powerOn } from '../lab/machine.ts';
import { directors } from '../lab/plan.ts';
import { login, type Shell } from '../lab/shell.ts';
import { hashPassword } from '../lab/site.ts';
import { paced } from './virtual-clock.ts';

const [plan] = directors;
const PASSWORD = 'bench';
/** Where the board finds what it was given. */
export const GIVEN = '/tmp/given';
/** MiB: what the peer takes must not be what is measured. */
const MEMORY = 256;

/** The addresses of the board, in a director's configuration. */
export const addresses = `
interface eth0 {
  address ${plan.outside}/24
}

interface eth1 {
  address ${plan.inside}/24
}
`;

/** A configuration with nothing to do. */
function idleConfig(): string {
  return `system {
  hostname ${plan.name}
  password_hash "${hashPassword(PASSWORD)}"
}
${addresses}`;
}

/** Packs a folder as the second disk of a board. */
function pack(folder: string): string {
  const disk = join(SCRATCH, 'given.disk');
  execFileSync('mksquashfs', [folder, disk, '-comp', 'xz', '-noappend', '-quiet', '-no-progress']);
  return disk;
}

export interface Guest {
  readonly machine: Machine;
  readonly shell: Shell;
  /** Milliseconds of the board's clock since it was switched on. */
  clock(): Promise<number>;
}

/**
 * Switches a board on with `folder` at `GIVEN`, and ends its director. The processor has cmov, unlike those of real boards: Debian's
 * programs need it. `extra` are further arguments for QEMU.
 */
export async function startGuest(
  out: string,
  name: string,
  folder: string,
  extra: readonly string[] = [],
): Promise<Guest> {
  const card = join(SCRATCH, `${name}.card`);
  makeCard(join(out, 'net4801.img'), card, idleConfig());
  const disk = ['-drive', `if=ide,index=2,format=raw,snapshot=on,file=${pack(folder)}`];
  const board = boardOf(plan, card, join(out, 'lab', `${name}.log`));
  const machine = await powerOn({
    ...board,
    cpu: 'pentium3',
    memory: MEMORY,
    extra: [...paced, ...disk, ...extra],
  });
  const shell = await login(machine.console, PASSWORD, 300_000);
  await shell.must(`mkdir ${GIVEN}; mount -t squashfs -o ro /dev/sdb ${GIVEN}`);
  await shell.must('until ip address show dev eth1 | grep -q "inet "; do sleep 1; done');
  // Init starts the director again when it ends: from now on something that feeds the watchdog, which nothing stops. With that it
  // sets the terminal as it was.
  await shell.must(`printf '#!/bin/sh\\nwhile :; do echo; sleep 5; done >/dev/watchdog\\n' >/tmp/idle
    chmod +x /tmp/idle; mount --bind /tmp/idle /etc/init.d/director; director stop
    until pidof sleep >/dev/null; do :; done; stty -echo
    ${READ_CLOCK}`);
  return { machine, shell, clock: async () => Number(await shell.must('clock')) / 1e6 };
}

/** Sets a function of the board's shell that prints nanoseconds, without starting a process. */
const READ_CLOCK = `clock() { { read -r _; read -r _; read -r _ _ now _; } </proc/timer_list; echo "$now"; }`;
