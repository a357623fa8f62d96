// The control process: holds the configuration in force, gives every role its part, keeps network, filter, kernel settings
// and tuning right, and answers the console.
import { SIGTERM } from '../platform/linux.ts';
import type { Platform } from '../platform/platform.ts';
import type { Config } from './config/config.ts';
import type { Problem } from './config/problem.ts';
import { createAttendants } from './control/attendants.ts';
import { CardChildren } from './control/card-children.ts';
import { CardGate } from './control/card-gate.ts';
import { CardGuard } from './control/card-guard.ts';
import { CardStore } from './control/card-store.ts';
import { type CommitDemand, Commits } from './control/commits.ts';
import { createHardware } from './control/hardware.ts';
import { createMachine } from './control/machine.ts';
import { likelyServer, type OrderAnswer, OrderBook, resolveService } from './control/orders.ts';
import { type ApplyDemand, KINDS, type Kind, partOf } from './control/partial.ts';
import { machineParts } from './control/parts.ts';
import { type Outcome, type Plan, planBoard, planVrrp } from './control/plan.ts';
import { Reader } from './control/reader.ts';
import { awaitReadiness } from './control/readiness.ts';
import { createRoleLink, LONG_PATIENCE } from './control/role-link.ts';
import { type Running, readRunning, saveRunning } from './control/running.ts';
import { type Selection, selected } from './control/selection.ts';
import { checkerSlice, vrrpSlice } from './control/slices.ts';
import { collectStatus, type DirectorStatus } from './control/status.ts';
import type { SupervisorLink } from './heartbeat.ts';
import { Unanswered } from './ipc/client.ts';
import { serve } from './ipc/server.ts';
import type { Log } from './log.ts';
import type { Order, OrderOutcome } from './protocol.ts';
import type { ChildReport, ToControl } from './supervisor/report.ts';
import { createBoard } from './system/board.ts';

export interface ControlOptions {
  readonly runDirectory: string;
  readonly configFile: string;
  /** What its conditions are compared with, or null: the host name. */
  readonly configId: string | null;
  /** Where shadow(5) is written when this machine is the director's board, else null. */
  readonly etc: string | null;
  readonly log: Log;
  readonly supervisor: SupervisorLink;
}

/** Exit status of a director that was started with a wrong configuration. */
const WRONG_CONFIG = 2;

/** Milliseconds until the configuration file is read again that the director was to start with. */
const READ_AGAIN = 5000;

/** Becomes the control process. `receive` takes what the supervisor says. */
export function runControl(
  platform: Platform,
  { runDirectory, configFile, configId, etc, log, supervisor }: ControlOptions,
): { receive(message: ToControl): void } {
  const { clock } = platform;
  const machine = createMachine(platform, machineParts(platform, runDirectory, log), log);
  const board = etc === null ? null : createBoard(platform, etc, runDirectory, log);
  const attendants = createAttendants(platform, {
    runDirectory,
    log,
    track: reports => void vrrp.insist('track', reports),
  });
  const vrrp = createRoleLink(platform, 'vrrp', `${runDirectory}/vrrp.sock`, log, attendants.vrrp);
  const checker = createRoleLink(
    platform,
    'checker',
    `${runDirectory}/checker.sock`,
    log,
    attendants.checker,
  );
  const telemetry = createRoleLink(
    platform,
    'telemetry',
    `${runDirectory}/telemetry.sock`,
    log,
    attendants.telemetry,
  );
  const cardChildren = new CardChildren(platform, runDirectory);
  const reader = new Reader(platform, runDirectory);
  const store = new CardStore(platform, runDirectory, cardChildren);
  const gate = new CardGate(platform, { runDirectory, log, store, telemetry });
  const book = new OrderBook(platform, runDirectory);
  let children: readonly ChildReport[] = [];
  let watchdogTrouble: string | null = null;
  let stopping = false;
  let running: Running | null = null;
  let runningSince: number | null = null;
  let yielding = true;
  let turn: Promise<unknown> = Promise.resolve();
  const card = new CardGuard(platform, {
    runDirectory,
    log,
    children: cardChildren,
    happened: event => attendants.cardHappened(event),
  });
  const commits = new Commits(platform, {
    runDirectory,
    configFile,
    log,
    store,
    gate: overBudget => gate.for('director commit', overBudget),
    card,
    running: () => running,
    enforce: next => change(next, true),
    inTurn,
  });

  const hardware =
    etc === null ? null : createHardware(platform, { log, attendants, telemetry, isTroubled, status });

  /** As far as is known without asking anybody. */
  function isTroubled(): boolean {
    const single = [vrrp.trouble, checker.trouble, telemetry.trouble, commits.trouble, watchdogTrouble];
    const lists = [machine.troubles, attendants.troubles, card.troubles];
    return single.some(each => each !== null) || lists.some(each => each.length > 0);
  }

  async function enforce(next: Running): Promise<void> {
    const { config } = next;
    running = next;
    runningSince = clock.monotonic();
    board?.apply(config.system);
    gate.configure(config);
    hardware?.configure(config);
    // The other roles find the interfaces as the configuration has them.
    await machine.enforce(config);
    attendants.configure(config);
    vrrp.configure(vrrpSlice(config, yielding));
    book.prune(config.virtualServers);
    checker.configure(checkerSlice(config, book.orders));
    if (yielding) awaitReadiness(platform, checker, stopYielding);
  }

  function stopYielding(): void {
    if (!yielding || running === null) return;
    yielding = false;
    vrrp.configure(vrrpSlice(running.config, yielding));
  }

  async function planOf(config: Config): Promise<Plan> {
    const changes = await machine.plan(config);
    const slice = checkerSlice(config, book.orders);
    const table = await checker.ask('plan', slice, LONG_PATIENCE).catch(() => null);
    return {
      ...changes,
      board: planBoard(running?.config ?? null, config),
      vrrp: planVrrp(running?.config ?? null, config),
      table: table as readonly string[] | null,
    };
  }

  /** `given` was read and found right by the console; without it the configuration file is read. */
  async function change(
    given: Running | null,
    apply: boolean,
    only: readonly Kind[] = KINDS,
  ): Promise<Outcome> {
    const { next: whole, problems } = given === null ? await read() : { next: given, problems: [] };
    if (whole === null) return { accepted: false, problems };
    const next = only === KINDS ? whole : { ...whole, config: partOf(running?.config, whole.config, only) };
    const plan = await planOf(next.config);
    if (apply) {
      saveRunning(platform, runDirectory, next);
      await enforce(next);
      log.info('the configuration was changed');
    }
    return { accepted: true, problems, plan, ...(apply && { remarks: remarksOn(plan) }) };
  }

  function remarksOn({ tuning }: Plan): string[] {
    const planned = new Set(tuning.map(line => `tuning: ${line}`));
    return [...machine.troubles, ...machine.notes.filter(note => !planned.has(note))];
  }

  function applyPart({ given, only, dry }: ApplyDemand): Promise<Outcome> {
    if (!dry) commits.refuseOnTrial();
    return inTurn(() => change(given, !dry, only));
  }

  async function read(): Promise<{ next: Running | null; problems: readonly Problem[] }> {
    const { config, problems } = await reader.read(configFile, configId);
    return { next: config && { file: configFile, config }, problems };
  }

  /** Changes come one after the other, also when two consoles ask at once. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  }

  function status(): Promise<DirectorStatus> {
    return collectStatus({
      children,
      watchdogTrouble,
      configFile: running?.file ?? configFile,
      configSince: runningSince,
      vrrp,
      checker,
      telemetry,
      machine,
      attendants,
      commits,
      card,
      hardware,
      now: () => clock.monotonic(),
    });
  }

  async function askRole(
    link: typeof vrrp,
    name: string,
    argument: unknown = null,
    command = 'status',
  ): Promise<unknown> {
    const answer = await link.ask(command, argument, LONG_PATIENCE).catch(error => {
      if (error instanceof Unanswered) return null;
      throw error;
    });
    if (answer === null)
      throw new Error(`the ${name} process does not answer; it is started again if need be`);
    return answer;
  }

  /** What a person wants of real servers. Who is called so, the checker knows. */
  async function giveOrder(given: Order): Promise<OrderAnswer> {
    const services = running?.config.virtualServers ?? [];
    const service = given.service === undefined ? {} : { service: resolveService(given.service, services) };
    const order: Order = { ...given, ...service, at: clock.wall() };
    const outcome = (await checker.ask('order', order)) as OrderOutcome | null;
    if (outcome === null) throw new Error('the checker process does not answer');
    const { servers } = outcome;
    if (servers.length === 0) return { servers, likely: likelyServer(given.server, services) };
    book.give(order, services);
    if (running !== null) checker.amend(checkerSlice(running.config, book.orders));
    log.info(`ordered: ${order.kind} ${servers.join(', ')}`);
    return { servers, likely: null };
  }

  const server = serve(platform, `${runDirectory}/control.sock`, (command, argument, peer) => {
    switch (command) {
      case 'status':
        return status();
      case 'services':
        return askRole(
          checker,
          'checker',
          selected(argument as Selection | null, running?.config.virtualServers ?? []),
        );
      case 'vrrp':
        return askRole(vrrp, 'vrrp');
      case 'flash':
        return askRole(telemetry, 'telemetry', null, 'flash');
      case 'card':
        return card.ready().then(() => null);
      case 'thermal':
        if (hardware === null) throw new Error("this machine is not the director's board");
        return hardware.status();
      case 'order':
        return inTurn(() => giveOrder(argument as Order));
      case 'subscribe':
        attendants.subscribe(peer);
        return null;
      case 'plan':
      case 'reload':
        if (command === 'reload') commits.refuseOnTrial();
        return inTurn(() => change(argument as Running | null, command === 'reload'));
      case 'apply':
        return applyPart(argument as ApplyDemand);
      case 'commit':
        return inTurn(() => commits.commit(argument as CommitDemand));
      case 'confirm':
        return inTurn(() => commits.confirm(argument === 'over budget'));
      case 'revert':
        return inTurn(() => commits.revert());
      case 'history':
        return commits.history();
      case 'text':
        return commits.text(Number(argument));
      case 'stop':
        supervisor.send({ stop: 0 });
        return null;
      default:
        throw new Error(`unknown command ${command}`);
    }
  });

  async function start(): Promise<void> {
    // A person was faster than another attempt.
    if (running !== null) return;
    const saved = readRunning(platform, runDirectory);
    if (saved !== null) {
      await enforce(saved);
      return;
    }
    const first = await read().catch((error: Error) => {
      if (stopping) return;
      log.error(`${error.message}; tried again in ${READ_AGAIN / 1000} s`);
      platform.after(READ_AGAIN, () => inTurn(start));
    });
    if (first === undefined) return;
    const { next, problems } = first;
    tell(problems, log);
    if (next === null) {
      log.error(`${configFile} is refused: the director is not started`);
      supervisor.send({ stop: WRONG_CONFIG });
      return;
    }
    saveRunning(platform, runDirectory, next);
    await enforce(next);
  }

  /** SIGHUP: nobody waits for the answer, so the log gets it. */
  async function reload(): Promise<void> {
    if (commits.trouble !== null) return log.error(`not read again: ${commits.trouble}`);
    const kept = 'the running configuration stays in force';
    try {
      const outcome = await change(null, true);
      tell(outcome.problems, log);
      if (!outcome.accepted) log.error(`${configFile} is refused: ${kept}`);
    } catch (error) {
      log.error(`${error instanceof Error ? error.message : String(error)}: ${kept}`);
    }
  }

  platform.processes.onSignal(SIGTERM, () => {
    stopping = true;
    server.close();
    reader.close();
    checker.close();
    hardware?.close();
    const withdrawn = inTurn(() => machine.withdraw());
    Promise.all([withdrawn, attendants.stop()]).then(() => platform.processes.exit(0));
  });
  inTurn(start);
  // The card is the director's own on its board alone.
  if (etc !== null) card.start();
  return {
    receive(message) {
      if (message.children !== undefined) children = message.children;
      if (message.watchdogTrouble !== undefined) watchdogTrouble = message.watchdogTrouble;
      if (message.reload) inTurn(reload);
    },
  };
}

function tell(problems: readonly Problem[], log: Log): void {
  for (const { file, line, column, severity, message, advice } of problems) {
    const text = `${file}:${line}:${column}: ${message}${advice === '' ? '' : `; ${advice}`}`;
    if (severity === 'error') log.error(text);
    else log.warn(text);
  }
}
