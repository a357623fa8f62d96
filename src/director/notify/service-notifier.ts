// Tells scripts, FIFOs and mail what happens to virtual services and real servers: each condition once, also when this process is
// started again.
import type { Platform } from '../../platform/platform.ts';
import type { Config, VirtualServerConfig } from '../config/config.ts';
import { destinationId, serviceName } from '../ipvs/table.ts';
import type { ServiceEvent } from '../protocol.ts';
import { keep, readKept } from '../system/kept.ts';
import type { Fifos } from './fifos.ts';
import type { Mailer } from './mail.ts';
import type { CommandQueue } from './queue.ts';
import {
  type Condition,
  commandOf,
  conditionOf,
  type Occasion,
  type ServiceSubject,
  serviceLetter,
  serviceLine,
  subjectId,
  wantsMail,
} from './service-notice.ts';

/** Milliseconds between two times that what was told of more than a few is written down: thousands of servers may change at once. */
const WRITING = 200;
/** Services and servers together. */
const FEW = 32;

export interface ServiceNotifierOptions {
  readonly queue: CommandQueue;
  readonly mailer: Mailer;
  readonly fifos: Fifos;
  /** The file in which the last conditions that were told are kept. */
  readonly path: string;
}

/** As far as FIFOs and mail were told, and as far as programs were started. */
interface Known {
  readonly told: Condition | null;
  readonly ran: Condition | null;
}

/** Thousands of servers share what there is to be known of each. */
const SHARED = new Map<string, Known>();

function known(told: Condition | null, ran: Condition | null): Known {
  const key = `${told} ${ran}`;
  const shared = SHARED.get(key) ?? { told, ran };
  SHARED.set(key, shared);
  return shared;
}

export interface ServiceNotifier {
  /** Whoever is not in it any more, and was up, is told as down. */
  configure(config: Config): void;
  happened(event: ServiceEvent): void;
  /** The director ends: whoever asks for it (`omega`) is told as down. */
  stop(): void;
}

export function createServiceNotifier(
  platform: Platform,
  { queue, mailer, fifos, path }: ServiceNotifierOptions,
): ServiceNotifier {
  const kept = Object.entries(readKept<Record<string, Known>>(platform, path) ?? {});
  const memory = new Map(kept.map(([id, { told, ran }]) => [id, known(told, ran)]));
  /** The last condition whose program waits or was started. */
  const queued = new Map([...memory].map(([id, { ran }]) => [id, ran]));
  let config: Config | null = null;
  let services: ReadonlyMap<string, VirtualServerConfig> = new Map();
  /** Of services and servers that there are. */
  let count = 0;
  let isWriting = false;
  /** When it was written last. */
  let written = Number.NEGATIVE_INFINITY;

  function find({ service: name, server }: ServiceEvent): ServiceSubject | null {
    const service = services.get(name);
    if (service === undefined) return null;
    if (server === null) return { service, server: null };
    const found = service.realServers.find(each => destinationId(each) === server);
    return found === undefined ? null : { service, server: found };
  }

  function tell(
    subject: ServiceSubject,
    condition: Condition,
    occasion: Occasion,
    event: Pick<ServiceEvent, 'reason' | 'at'>,
  ): void {
    const id = subjectId(subject);
    run(id, subject, condition);
    if (memory.get(id)?.told === condition) return;
    remember(id, 'told', condition);
    fifos.write('lvs', serviceLine(subject, condition));
    if (!wantsMail(subject)) return;
    mailer.send(serviceLetter(subject, condition, occasion, event, config?.globals.routerId ?? null));
  }

  function run(id: string, subject: ServiceSubject, condition: Condition): void {
    if (queued.get(id) === condition) return;
    queued.set(id, condition);
    const started = () => remember(id, 'ran', condition);
    const command = commandOf(subject, condition);
    if (command === null) started();
    else queue.add(id, { command, words: [], about: `${id} ${condition}`, started });
  }

  function remember(id: string, how: keyof Known, condition: Condition): void {
    const { told = null, ran = null } = memory.get(id) ?? {};
    const next = how === 'told' ? known(condition, ran) : known(told, condition);
    if (next === memory.get(id)) return;
    memory.set(id, next);
    save();
  }

  function forget(id: string): void {
    queued.delete(id);
    if (memory.delete(id)) save();
  }

  /** At once for a few, and after a while of rest, so that a process that ends right behind does not tell it again when it is back. */
  function save(): void {
    if (isWriting) return;
    isWriting = true;
    const rest = written + WRITING - platform.clock.monotonic();
    if (count > FEW && rest > 0) platform.after(rest, write);
    else platform.soon(write);
  }

  function write(): void {
    isWriting = false;
    written = platform.clock.monotonic();
    keep(platform, path, Object.fromEntries(memory));
  }

  /** Whether anybody is ever told of it: of all others nothing is remembered. */
  function isOfInterest(subject: ServiceSubject): boolean {
    if (fifos.hears('lvs') || wantsMail(subject)) return true;
    return commandOf(subject, 'UP') !== null || commandOf(subject, 'DOWN') !== null;
  }

  /** A first success is told only where that is asked for: without it the server was taken to be up. */
  function isQuiet({ service, server }: ServiceSubject, id: string, condition: Condition): boolean {
    return server !== null && condition === 'UP' && service.tellsStart !== true && !memory.has(id);
  }

  function takeAsTold(id: string, condition: Condition): void {
    queued.set(id, condition);
    memory.set(id, known(condition, condition));
    save();
  }

  return {
    configure(next) {
      const before = services;
      const after = new Map(next.virtualServers.map(service => [serviceName(service), service]));
      const remains = new Set([...after.values()].flatMap(subjectsOf).map(subjectId));
      const at = platform.clock.wall();
      for (const subject of [...before.values()].flatMap(subjectsOf)) {
        const id = subjectId(subject);
        if (remains.has(id) || memory.get(id)?.told !== 'UP') continue;
        tell(subject, 'DOWN', 'removed', { reason: 'the configuration has it no more', at });
      }
      for (const id of [...memory.keys()]) if (!remains.has(id)) forget(id);
      config = next;
      services = after;
      count = remains.size;
    },
    happened(event) {
      const condition = conditionOf(event);
      const subject = condition && find(event);
      if (condition === null || subject === null || !isOfInterest(subject)) return;
      const id = subjectId(subject);
      if (isQuiet(subject, id, condition)) takeAsTold(id, condition);
      else tell(subject, condition, 'checked', event);
    },
    stop() {
      const at = platform.clock.wall();
      for (const service of services.values()) {
        if (service.tellsStop !== true) continue;
        // keepalived tells the servers before the quorum that they make up.
        for (const subject of subjectsOf(service)) {
          if (memory.get(subjectId(subject))?.told !== 'UP') continue;
          tell(subject, 'DOWN', 'stopped', { reason: 'the director ends', at });
        }
      }
    },
  };
}

/** The service last. */
function subjectsOf(service: VirtualServerConfig): ServiceSubject[] {
  return [...service.realServers.map(server => ({ service, server })), { service, server: null }];
}
