// Tells scripts, FIFOs and mail what happens to instances and groups: each state once, also when this process is started again.
// What happens to virtual services goes the same ways (service-notifier.ts).
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import type { NotifyConfig } from '../config/vrrp-config.ts';
import type { Log } from '../log.ts';
import type { ServiceEvent, VrrpEvent } from '../protocol.ts';
import type { Commands } from '../system/commands.ts';
import { keep, readKept } from '../system/kept.ts';
import { createFifos } from './fifos.ts';
import { createMailer } from './mail.ts';
import { callsOf, isState, letterOf, lineOf, type Notice, noticeOf } from './notice.ts';
import { CommandQueue } from './queue.ts';
import { createServiceNotifier } from './service-notifier.ts';

export interface Notifier {
  configure(config: Config): void;
  happened(event: VrrpEvent): void;
  happenedToService(event: ServiceEvent): void;
  /** While it rests, mail waits; programs and FIFOs do not. */
  rest(resting: boolean): void;
  /** The vrrp process has ended for good: whatever was not told as stopped is. Resolves when programs and mail are through. */
  stop(): Promise<void>;
  close(): Promise<unknown>;
}

export interface NotifierOptions {
  readonly commands: Commands;
  readonly log: Log;
  /** The files in which the last states that were told are kept: of VRRP, and of services. */
  readonly path: string;
  readonly servicesPath: string;
}

/** Programs about services that run at once: thousands of servers may change together. */
const SERVICE_PROGRAMS = 8;

/** An instance or a group. */
interface Subject {
  readonly subject: VrrpEvent['subject'];
  readonly name: string;
  readonly priority: number;
  readonly notify: NotifyConfig;
}

/** The last state of a subject, as far as FIFOs and mail were told, and as far as programs were started. */
interface Known {
  readonly told: Notice['what'] | null;
  readonly ran: Notice['what'] | null;
  /** When anything was last heard of it. */
  readonly priority: number;
}

const NOTHING_TOLD: Known = { told: null, ran: null, priority: 0 };

export function createNotifier(platform: Platform, options: NotifierOptions): Notifier {
  const { commands, log, path } = options;
  const hostName = () => platform.files.readText('/proc/sys/kernel/hostname').trim();
  const queue = new CommandQueue(commands, log);
  const mailer = createMailer(platform, log, hostName);
  const fifos = createFifos(platform, commands, log);
  // Their own, so that VRRP never waits behind services, nor is lost among them.
  const serviceQueue = new CommandQueue(commands, log, SERVICE_PROGRAMS);
  const serviceMailer = createMailer(platform, log, hostName);
  const services = createServiceNotifier(platform, {
    queue: serviceQueue,
    mailer: serviceMailer,
    fifos,
    path: options.servicesPath,
  });
  const memory = new Map(Object.entries(readKept<Record<string, Known>>(platform, path) ?? {}));
  /** The last state whose programs wait or were started. */
  const queued = new Map([...memory].map(([id, { ran }]) => [id, ran]));
  let config: Config | null = null;
  let subjects: ReadonlyMap<string, Subject> = new Map();
  /** Instances that a new configuration lacks, until their end is told. */
  const leaving = new Map<string, Subject>();

  function happened(event: VrrpEvent): void {
    const id = idOf(event);
    const present = subjects.get(id);
    const notify = (present ?? leaving.get(id))?.notify;
    if (notify === undefined) return;
    const notice = noticeOf(event, notify, present === undefined);
    if (notice === null) return;
    const known = memory.get(id);
    if (known !== undefined) memory.set(id, { ...known, priority: notice.priority });
    run(id, notice, notify);
    tell(id, notice, notify);
    if (present === undefined || event.kind === 'deleted') forget(id);
  }

  function run(id: string, notice: Notice, notify: NotifyConfig): void {
    if (isState(notice)) {
      if (queued.get(id) === notice.what) return;
      queued.set(id, notice.what);
    }
    const started = () => remember(id, notice, 'ran');
    const calls = callsOf(notice, notify);
    if (calls.length === 0) started();
    const about = `${notice.subject} ${notice.name} ${notice.what}`;
    for (const call of calls) queue.add(id, { ...call, about, started });
  }

  function tell(id: string, notice: Notice, notify: NotifyConfig): void {
    if (isState(notice) && memory.get(id)?.told === notice.what) return;
    const line = lineOf(notice, notify);
    if (line !== null) fifos.write('vrrp', line);
    const mail = config?.vrrp.mail ?? null;
    const letter = mail && letterOf(notice, notify, mail, config?.globals.routerId ?? null);
    if (letter !== null) mailer.send(letter);
    remember(id, notice, 'told');
  }

  function remember(id: string, notice: Notice, how: keyof Known): void {
    if (!isState(notice) || !subjects.has(id)) return;
    const known = memory.get(id) ?? NOTHING_TOLD;
    if (known[how] === notice.what) return;
    memory.set(id, { ...known, [how]: notice.what, priority: notice.priority });
    save();
  }

  function forget(id: string): void {
    leaving.delete(id);
    queued.delete(id);
    if (memory.delete(id)) save();
  }

  function save(): void {
    keep(platform, path, Object.fromEntries(memory));
  }

  /** Says once more how everything is, for those who read only what was written since. */
  function repeatStates(): void {
    for (const [id, { subject, name }] of subjects) {
      const { told: what, priority } = memory.get(id) ?? NOTHING_TOLD;
      if (what === null) continue;
      fifos.repeat(`${subject} "${name}" ${what} ${priority}\n`);
    }
  }

  return {
    configure(next) {
      const after = subjectsOf(next);
      for (const [id, subject] of subjects) {
        if (!after.has(id) && subject.subject === 'INSTANCE') leaving.set(id, subject);
      }
      for (const id of after.keys()) leaving.delete(id);
      for (const id of [...memory.keys()]) if (!after.has(id) && !leaving.has(id)) forget(id);
      const isReload = config !== null;
      config = next;
      subjects = after;
      mailer.configure(next.vrrp.mail);
      serviceMailer.configure(next.vrrp.mail);
      fifos.configure(next.vrrp.fifos);
      services.configure(next);
      if (isReload) repeatStates();
    },
    happened,
    happenedToService: event => services.happened(event),
    rest(resting) {
      mailer.rest(resting);
      serviceMailer.rest(resting);
    },
    async stop() {
      const at = platform.clock.wall();
      for (const [id, { subject, name, priority }] of subjects) {
        if (!memory.has(id)) continue;
        happened({ subject, name, kind: 'state', state: 'STOP', priority, reason: 'the director ends', at });
      }
      services.stop();
      await Promise.all([queue.idle(), mailer.flush(), serviceQueue.idle(), serviceMailer.flush()]);
    },
    close() {
      mailer.close();
      serviceMailer.close();
      return fifos.close();
    },
  };
}

function subjectsOf({ vrrp, vrrpInstances }: Config): Map<string, Subject> {
  const all: Subject[] = [
    ...vrrpInstances.map(({ name, priority, notify }) => ({
      subject: 'INSTANCE' as const,
      name,
      priority,
      notify,
    })),
    ...vrrp.syncGroups.map(({ name, notify }) => ({ subject: 'GROUP' as const, name, priority: 0, notify })),
  ];
  return new Map(all.map(subject => [idOf(subject), subject]));
}

function idOf({ subject, name }: Pick<Subject, 'subject' | 'name'>): string {
  return `${subject} ${name}`;
}
