// The lab put together: network, real servers, client and two directors from the same image.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeCard } from './card.ts';
import { type Client, startClient } from './client.ts';
import { type Machine, type MachinePlan, powerOn } from './machine.ts';
import { requireInside } from './namespace.ts';
import { buildNetwork } from './network.ts';
import { client, type DirectorPlan, directors, macAddress, segments, tapName, vip, webs } from './plan.ts';
import type { Running } from './process.ts';
import { login, type Shell } from './shell.ts';
import { hashPassword, siteConfig } from './site.ts';
import { requireHighResolutionTimers } from './timers.ts';
import { startWeb } from './web.ts';

export interface LabOptions {
  /** The image both directors boot from. */
  readonly image: string;
  /** Consoles are logged here. */
  readonly logs: string;
  /** Appended to both directors' configurations; a function tells for each what. */
  readonly more?: string | ((director: DirectorPlan) => string);
  /** A line for the VRRP instance of both, such as `nopreempt`. */
  readonly election?: string;
  /** False: the directors' kernels do not tell each other of connections. */
  readonly syncs?: boolean;
  /** How many directors are switched on, 1 or 2; the second is 2 unless told otherwise. */
  readonly count?: 1 | 2;
  /** Told what is happening. */
  readonly note?: (text: string) => void;
}

export interface Director {
  readonly plan: DirectorPlan;
  readonly card: string;
  /** The board as it was switched on last. */
  machine: Machine;
  /** Root's shell there. */
  shell: Shell;
}

export interface Lab {
  readonly client: Client;
  readonly webs: readonly Running[];
  readonly directors: readonly Director[];
  /** Root's password on the consoles, made for this run. */
  readonly password: string;
  /** Switches a director on again from the card it had, and logs in. */
  restart(director: Director): Promise<void>;
  stop(): Promise<void>;
}

/** A folder of the private namespaces, gone with them. */
export const SCRATCH = '/run/scratch';
/** Milliseconds a board gets from power-on to its login prompt; TCG on a busy machine is slow. */
const BOOT_TIMEOUT = 180_000;

/** The net4801 that stands in for a director, its ports plugged into the lab's segments. */
export function boardOf(plan: DirectorPlan, card: string, log: string): MachinePlan {
  const number = directors.findIndex(({ name }) => name === plan.name) + 1;
  const ports = segments.map((segment, port) => ({
    tap: tapName(plan.name, segment),
    mac: macAddress(number, port),
  }));
  return { name: plan.name, card, cpu: 'pentium', memory: 64, ports, folder: SCRATCH, log };
}

/** Builds and starts everything; resolves when all boards take commands. Inside the private namespaces only. */
export async function startLab(options: LabOptions): Promise<Lab> {
  requireInside();
  const note = options.note ?? (() => {});
  mkdirSync(options.logs, { recursive: true });
  const password = randomBytes(6).toString('base64url');
  const hash = hashPassword(password);
  await buildNetwork();
  const servers = await Promise.all(webs.map(web => startWeb(web, SCRATCH)));
  const someone = startClient(client.name);

  const boot = async (plan: DirectorPlan, card: string): Promise<Director> => {
    const log = join(options.logs, `${plan.name}.log`);
    const machine = await powerOn(boardOf(plan, card, log));
    const shell = await login(machine.console, password, BOOT_TIMEOUT);
    await requireHighResolutionTimers(plan.name, shell);
    note(`${plan.name} is up (console in ${log})`);
    return { plan, card, machine, shell };
  };

  const boots = directors.slice(0, options.count ?? 2).map(plan => {
    const card = join(SCRATCH, `${plan.name}.card`);
    rmSync(join(options.logs, `${plan.name}.log`), { force: true });
    const more = typeof options.more === 'function' ? options.more(plan) : options.more;
    makeCard(options.image, card, siteConfig(plan, hash, { ...options, more }));
    return boot(plan, card);
  });
  const running = await Promise.all(boots);
  return {
    client: someone,
    webs: servers,
    directors: running,
    password,
    async restart(director) {
      Object.assign(director, await boot(director.plan, director.card));
    },
    async stop() {
      someone.close();
      await Promise.all([
        ...servers.map(server => server.kill()),
        ...running.map(director => director.machine.powerOff()),
      ]);
    },
  };
}

/** Waits until the virtual service at `url` is answered by `count` different servers; throws after `milliseconds`. */
export async function untilServed(lab: Lab, url: string, count: number, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  let seen: (string | null)[] = [];
  while (performance.now() < deadline) {
    const samples = await lab.client.getMany(url, 2 * webs.length);
    seen = samples.map(sample => sample.server ?? sample.error);
    if (samples.every(sample => sample.server !== null) && new Set(seen).size === count) return;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  const consoles = lab.directors.map(({ plan, machine }) => `--- ${plan.name}\n${machine.console.tail()}`);
  throw new Error(`${url}: ${seen.join(', ')} instead of ${count} servers\n${consoles.join('\n')}`);
}

/** The two services of the lab. */
export const services = {
  direct: `http://${vip.direct}/`,
  nat: `http://${vip.nat}/`,
} as const;
