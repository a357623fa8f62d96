// What a test waits for around a group: who holds the address, where its packets go, what a director says.
import type { VrrpInstanceStatus } from '../../../src/director/protocol.ts';
import { type Director, until } from '../director/director.ts';
import { holds, isAnswered, neighbour, type Station } from './segment.ts';

/** How the first instance of a director is; asks until there is an answer. */
export async function instance(director: Director): Promise<VrrpInstanceStatus> {
  const status = await director.vrrp().catch(() => null);
  return status?.instances[0] ?? instance(director);
}

/** Waits until the instance of a director is as `holds` wants it. */
export function becomes(
  director: Director,
  isSo: (status: VrrpInstanceStatus) => boolean,
): Promise<VrrpInstanceStatus> {
  return until(() => instance(director), isSo);
}

/** Waits until `here` has the address, `there` has not, and packets of the client go `here` and are answered. */
export async function at(address: string, here: Station, there: Station, client: Station): Promise<void> {
  await until(
    async () =>
      holds(here, address) &&
      !holds(there, address) &&
      (await isAnswered(client, address)) &&
      neighbour(client, address) === here.hardware,
    yes => yes,
  );
}

/** Waits until an address is on a station, or is not any more. */
export async function held(station: Station, address: string, wanted = true): Promise<void> {
  await until(
    () => holds(station, address),
    is => is === wanted,
  );
}

/** Ends every process of a director without giving any of them a chance. */
export async function crash(director: Director): Promise<void> {
  const { roles } = await director.status();
  const pids = roles.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It went with the supervisor.
      }
    }
  }
  await director.ended;
}
