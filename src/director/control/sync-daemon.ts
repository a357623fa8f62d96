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
  /** Whether the instance is master; nothing is done before that is known. */
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
    const wanted = config && state && wantedDaemon(config, state);
    if (closed || (wanted === null && !ours) || (config !== null && state === null)) return;
    ours ||= wanted !== null;
    kernel ??= openIpvs(platform);
    const { connection, family } = await kernel;
    const actual = await connection.query(getDaemons(family), decodeDaemon);
    const { remove, add } = planDaemons(wanted, actual);
    const requests = remove.map(each => deleteDaemon(family, each));
    if (add) requests.push(newDaemon(family, add));
    for (const error of await connection.series(requests)) if (error !== null) throw error;
    ours = wanted !== null;
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

/** What to end and what to start so that only `wanted` runs. */
export function planDaemons(
  wanted: KernelDaemon | null,
  actual: readonly KernelDaemon[],
): { readonly remove: readonly DaemonState[]; readonly add: KernelDaemon | null } {
  const right = wanted === null ? undefined : actual.find(each => fits(each, wanted));
  return {
    remove: actual.filter(each => each !== right).map(each => each.state),
    add: right === undefined ? wanted : null,
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

function wantedDaemon(config: SyncDaemonConfig, state: DaemonState): KernelDaemon {
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
