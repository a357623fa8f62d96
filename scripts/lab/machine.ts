// A board in QEMU: the image's bytes on an IDE disk, ports on taps, the serial console and the monitor on sockets.
import { join } from 'node:path';
import { type Console, createConsole } from './console.ts';
import { inNamespace } from './namespace.ts';
import { type Running, start } from './process.ts';
import { createQmp, type Qmp } from './qmp.ts';
import { awaitConnection } from './socket.ts';

export interface Port {
  /** Interface in the namespace `switch`. */
  readonly tap: string;
  readonly mac: string;
}

export interface MachinePlan {
  readonly name: string;
  /** The card: a raw image that the board may write to. */
  readonly card: string;
  /** QEMU's name: `pentium`, `486`. */
  readonly cpu: string;
  /** MiB. */
  readonly memory: number;
  /** eth0, eth1, ... */
  readonly ports: readonly Port[];
  /** Sockets go here; the path must be short (108 bytes in all). */
  readonly folder: string;
  /** An empty file that gets every write and flush of the card, as write-log.ts reads it. */
  readonly writeLog?: string;
  /** Socket of a server that serves the card instead (nbd.ts). */
  readonly nbd?: string;
  /** Gets what the console prints. */
  readonly log?: string;
  /** Further arguments for QEMU. */
  readonly extra?: readonly string[];
}

export interface Machine {
  readonly plan: MachinePlan;
  readonly qemu: Running;
  readonly console: Console;
  readonly qmp: Qmp;
  /** Sectors (512 bytes) the board has written to its card since power-on, by QEMU's count. */
  sectorsWritten(): Promise<number>;
  /** Pulls the plug. */
  powerOff(): Promise<void>;
}

interface BlockStatistics {
  readonly device: string;
  readonly stats: { readonly wr_bytes: number };
}

function qemuArguments(plan: MachinePlan, console: string, monitor: string): string[] {
  return [
    ...['-name', plan.name, '-nodefaults', '-no-user-config', '-display', 'none', '-vga', 'none'],
    ...['-machine', 'pc,accel=tcg', '-cpu', plan.cpu, '-m', String(plan.memory)],
    ...['-drive', `if=ide,id=card,${drive(plan)},cache=writeback`],
    ...['-chardev', `socket,id=console,path=${console}`, '-serial', 'chardev:console'],
    ...['-chardev', `socket,id=monitor,path=${monitor}`, '-mon', 'chardev=monitor,mode=control'],
    ...['-device', 'i6300esb'],
    // Fixed slots keep the kernel's order of the ports. Not e1000: QEMU's is deaf for a second after its receiver was switched on
    // or given another multicast filter, and a returning director would hear no master.
    ...plan.ports.flatMap(({ tap, mac }, index) => [
      ...['-netdev', `tap,id=port${index},ifname=${tap},script=no,downscript=no`],
      ...['-device', `rtl8139,netdev=port${index},mac=${mac},addr=${8 + index},romfile=`],
    ]),
    ...(plan.extra ?? []),
  ];
}

function drive({ card, writeLog, nbd }: MachinePlan): string {
  if (nbd !== undefined) return `format=raw,file=nbd+unix:///?socket=${nbd}`;
  if (writeLog === undefined) return `format=raw,file=${card}`;
  const log = `log.driver=file,log.filename=${writeLog},log-sector-size=512,log-super-update-interval=1`;
  return `driver=blklogwrites,file.driver=file,file.filename=${card},${log}`;
}

/** Switches a board on. */
export async function powerOn(plan: MachinePlan): Promise<Machine> {
  const consolePath = join(plan.folder, `${plan.name}.console`);
  const monitorPath = join(plan.folder, `${plan.name}.qmp`);
  const sockets = await Promise.all([awaitConnection(consolePath), awaitConnection(monitorPath)]);
  const command = ['qemu-system-i386', ...qemuArguments(plan, consolePath, monitorPath)];
  const qemu = start(plan.name, inNamespace('switch', command));
  const failed = qemu.ended.then(reason => {
    throw new Error(`${plan.name}: QEMU: ${reason}\n${qemu.tail()}`);
  });
  failed.catch(() => {});
  try {
    const [serial, monitor] = await Promise.race([
      Promise.all([sockets[0].connection, sockets[1].connection]),
      failed,
    ]);
    const console = createConsole(plan.name, serial, plan.log);
    const qmp = await Promise.race([createQmp(monitor), failed]);
    return {
      plan,
      qemu,
      console,
      qmp,
      async sectorsWritten() {
        const all = (await qmp.execute('query-blockstats')) as readonly BlockStatistics[];
        const card = all.find(({ device }) => device === 'card');
        if (!card) throw new Error(`${plan.name}: QEMU counts nothing for the card`);
        return card.stats.wr_bytes / 512;
      },
      powerOff: () => qemu.kill(),
    };
  } finally {
    for (const socket of sockets) socket.close();
  }
}
