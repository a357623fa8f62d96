// Connection synchronisation: has the kernel's sync daemon follow one VRRP instance, so that the connections of a director that fails
// go on at the next one. The master sends, whoever is not master receives; what somebody else changes is put right.
import {
  type DaemonState,
  decodeDaemon,
  deleteDaemon,
  getDaemons,
  type KernelDaemon,
  newDaemon,
} from '../../netlink/ipvs/daemon.ts';
import type { Platform } from '../../platform/platform.ts';
import { parseAddress } from '../address.ts';
import type { SyncDaemonConfig } from '../config/vrrp-config.ts';
import { type IpvsConnection, openIpvs } from '../ipvs/family.ts';
import type { Log } from '../log.ts';

/** Milliseconds between two looks at the kernel, and until the next try of what it refused. */
const LOOK = 5000;
const RETRY = 1000;

export interface SyncDaemon {
  /** Null: no daemon; those that somebody else runs are left alone unless this process had started one. */
  configure(config: SyncDaemonConfig | null): void;
  /** Whether the instance is master; nothing is done before that is known, unless the daemons follow none. */
  follow(master: boolean): void;
  /** Times that somebody else's change was undone. */
  readonly repairs: number;
  /** Why it does not run as it should, or null. */
  readonly trouble: string | null;
  /** Ends the daemon and looks no more. */
  withdraw(): Promise<void>;
}

export function createSyncDaemon(platform: Platform, log: Log): SyncDaemon {
  let kernel: Promise<IpvsConnection> | null = null;
  let config: SyncDaemonConfig | null = null;
  let state: DaemonState | null = null;
  /** A daemon of ours may run. */
  let ours = false;
  /** What was wanted last is in the kernel: what differs after that is somebody else's doing. */
  let settled = false;
  let closed = false;
  let repairs = 0;
  let trouble: string | null = null;
  let turn: Promise<void> = Promise.resolve();

  async function bring(): Promise<void> {
    const wanted = wantedDaemons(config, state);
    if (closed || wanted === null || (wanted.length === 0 && !ours)) return;
    ours ||= wanted.length > 0;
    kernel ??= openIpvs(platform);
    const { connection, family } = await kernel;
    const actual = await connection.query(getDaemons(family), decodeDaemon);
    const { remove, add } = planDaemons(wanted, actual);
    const requests = [
      ...remove.map(each => deleteDaemon(family, each)),
      ...add.map(each => newDaemon(family, each)),
    ];
    for (const error of await connection.series(requests)) if (error !== null) throw error;
    ours = wanted.length > 0;
    if (settled && requests.length > 0) {
      repairs += 1;
      log.warn('the sync daemon was changed by somebody else, put right');
    }
    settled = true;
    report(null);
  }

  function fail(error: unknown): void {
    kernel?.then(({ connection }) => connection.close()).catch(() => {});
    kernel = null;
    settled = false;
    report(error instanceof Error ? error.message : String(error));
  }

  function report(text: string | null): void {
    if (text === trouble) return;
    trouble = text;
    if (text === null) log.info('sync daemon: in order again');
    else log.error(`sync daemon: ${text}`);
  }

  function bringInTurn(): Promise<void> {
    turn = turn.then(bring).catch(fail);
    return turn;
  }

  function change(): void {
    settled = false;
    bringInTurn();
  }

  function look(): void {
    platform.after(trouble === null ? LOOK : RETRY, () => {
      if (closed) return;
      bringInTurn().then(look);
    });
  }

  look();
  return {
    configure(next) {
      if (JSON.stringify(next) === JSON.stringify(config)) return;
      if (next?.instance !== config?.instance) state = null;
      config = next;
      change();
    },
    follow(master) {
      const next = master ? 'master' : 'backup';
      if (next === state) return;
      state = next;
      change();
    },
    get repairs() {
      return repairs;
    },
    get trouble() {
      return trouble;
    },
    async withdraw() {
      config = null;
      await bringInTurn();
      closed = true;
    },
  };
}

/** What to end and what to start so that only `wanted` run. */
export function planDaemons(
  wanted: readonly KernelDaemon[],
  actual: readonly KernelDaemon[],
): { readonly remove: readonly DaemonState[]; readonly add: readonly KernelDaemon[] } {
  const isRight = (each: KernelDaemon) => wanted.some(one => fits(each, one));
  return {
    remove: actual.filter(each => !isRight(each)).map(each => each.state),
    add: wanted.filter(one => !actual.some(each => fits(each, one))),
  };
}

/** What was left to the kernel may be anything. */
function fits(actual: KernelDaemon, wanted: KernelDaemon): boolean {
  const chosen = (key: 'maximumLength' | 'port' | 'ttl') => wanted[key] === 0 || wanted[key] === actual[key];
  return (
    actual.state === wanted.state &&
    actual.interface === wanted.interface &&
    actual.syncId === wanted.syncId &&
    (['maximumLength', 'port', 'ttl'] as const).every(chosen) &&
    (wanted.group === null || String(wanted.group) === String(actual.group))
  );
}

/** Null: not known yet. */
function wantedDaemons(
  config: SyncDaemonConfig | null,
  state: DaemonState | null,
): readonly KernelDaemon[] | null {
  if (config === null) return [];
  if (config.instance === null) return [kernelDaemon(config, 'master'), kernelDaemon(config, 'backup')];
  return state && [kernelDaemon(config, state)];
}

function kernelDaemon(config: SyncDaemonConfig, state: DaemonState): KernelDaemon {
  return {
    state,
    interface: config.interface,
    syncId: config.syncId,
    maximumLength: config.maximumLength ?? 0,
    port: config.port ?? 0,
    ttl: config.ttl ?? 0,
    group: config.group === null ? null : parseAddress(config.group),
  };
}
