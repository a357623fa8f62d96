// Keeps one role configured: connects to its socket, pushes its slice, and does both again whenever the role was restarted.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { type Client, openClient } from '../ipc/client.ts';
import type { Log } from '../log.ts';

/** Milliseconds between attempts to reach a role. */
const RETRY = 200;
/** Milliseconds that a role has to answer a question. */
const PATIENCE = 2000;
/** Milliseconds for one about the whole table: 2,000 real servers are read in a second or two on a 133 MHz board. */
export const LONG_PATIENCE = 20_000;
/** Milliseconds that a role has to take a configuration. */
const CONFIGURE_PATIENCE = 15_000;

/** Milliseconds until a question that must be answered is asked again. */
const AGAIN = 1000;

/** What a role says unasked. */
export interface RoleListener {
  /** It can be reached, at first or again; its configuration follows. */
  reached?(link: RoleLink): void;
  heard?(message: unknown, link: RoleLink): void;
  /** It went away. */
  lost?(): void;
}

export interface RoleLink {
  /** Pushes this slice now or as soon as the role can be reached; it replaces the one before. */
  configure(slice: unknown): void;
  /** The slice from the next push on: what differs in it was said to the role in another way. */
  amend(slice: unknown): void;
  /** Null when the role cannot be reached. Rejects when it refuses, or says nothing for `patience` milliseconds. */
  ask(command: string, argument?: unknown, patience?: number): Promise<unknown | null>;
  /** Asks again until there is an answer; null when the role went away meanwhile. `argument` is asked for each time. */
  insist(command: string, argument?: () => unknown): Promise<unknown | null>;
  /** Why the last push failed, or null. */
  readonly trouble: string | null;
  close(): void;
}

export function createRoleLink(
  platform: Platform,
  role: string,
  path: string,
  log: Log,
  listener: RoleListener = {},
): RoleLink {
  let client: Client | null = null;
  let slice: unknown = null;
  /** Times that a slice was to be pushed. */
  let turn = 0;
  let trouble: string | null = null;
  let open = true;

  function connect(): void {
    if (!open || client !== null) return;
    try {
      client = openClient(platform, path, {
        onLost: lost,
        onPush: message => listener.heard?.(message, link),
      });
    } catch (error) {
      // The role is being started: its socket is not there yet.
      if (!isSystemError(error)) throw error;
      platform.after(RETRY, connect);
      return;
    }
    listener.reached?.(link);
    push();
  }

  function lost(): void {
    client = null;
    listener.lost?.();
    platform.after(RETRY, connect);
  }

  function push(): void {
    const target = client;
    const pushed = turn;
    if (target === null || slice === null) return;
    target.request('configure', slice, CONFIGURE_PATIENCE).then(
      () => {
        trouble = null;
      },
      (error: Error) => {
        // A role that went away is configured when it is back; a slice that was replaced meanwhile is of no interest.
        if (target !== client || pushed !== turn) return;
        trouble = `${role} did not take its configuration: ${error.message}`;
        log.error(trouble);
        platform.after(CONFIGURE_PATIENCE, () => {
          if (target === client && pushed === turn) push();
        });
      },
    );
  }

  const link: RoleLink = {
    configure(next) {
      slice = next;
      turn += 1;
      push();
    },
    amend(next) {
      slice = next;
    },
    async ask(command, argument = null, patience = PATIENCE) {
      if (client === null) return null;
      return client.request(command, argument, patience);
    },
    async insist(command, argument = () => null) {
      const target = client;
      for (let told = false; target !== null && target === client; told = true) {
        try {
          return await target.request(command, argument(), PATIENCE);
        } catch (error) {
          if (target !== client) break;
          if (!told) log.warn(`${role}: ${command}: ${(error as Error).message}`);
          await new Promise<void>(resolve => platform.after(AGAIN, resolve));
        }
      }
      return null;
    },
    get trouble() {
      return client === null ? `${role} cannot be reached` : trouble;
    },
    close() {
      open = false;
      client?.close();
      client = null;
    },
  };
  connect();
  return link;
}
