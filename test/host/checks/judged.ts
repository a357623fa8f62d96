// What the real binary makes of servers: one real server for each case, all of them checked at once.
import type { ExecutionContext } from 'ava';
import { INTERFACE, service } from '../director/configs.ts';
import { Director, type Place, until } from '../director/director.ts';

export interface Case {
  /** Where the check connects to, in the far namespace. */
  readonly port: number;
  /** Of the block: `DNS_CHECK`. */
  readonly kind: string;
  readonly lines?: string;
  /** The whole reason; what takes its time may say it in several ways. */
  readonly reason: string | RegExp;
  /** Down unless it is there. */
  readonly up?: true;
  /** Of the real server afterwards. */
  readonly weight?: number;
}

/** Seconds of an attempt: long enough for a busy machine, and what hangs takes that long. */
export const LIMIT = 5;

/** Asserts that each case is judged as it says. */
export async function judge(
  t: ExecutionContext,
  binary: string,
  place: Place,
  cases: readonly Case[],
): Promise<void> {
  const servers = cases.map(({ port, kind, lines = '' }, index) => ({
    address: '10.9.0.2',
    port: 20_000 + index,
    check: `${kind} {\n connect_port ${port}\n connect_timeout ${LIMIT}\n retry 0\n ${
      lines.includes('delay_loop') ? '' : 'delay_loop 30\n'
    }${lines}\n}`,
  }));
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/IPVS|is up|is down/);
  const { services } = await until(
    () => director.services(),
    status =>
      status.services[0]!.realServers.every(
        ({ state, reason }) => state !== 'starting' && !reason.includes('being worked out'),
      ),
  );
  for (const [index, { kind, lines, port, up, reason, weight }] of cases.entries()) {
    const found = services[0]!.realServers.find(server => server.port === 20_000 + index)!;
    const title = `${kind} of port ${port}: ${lines ?? ''}: ${found.reason}`;
    t.is(found.state, up ? 'up' : 'down', title);
    if (typeof reason === 'string') t.is(found.reason, reason, title);
    else t.regex(found.reason, reason, title);
    if (weight !== undefined) t.is(found.weight, weight, title);
  }
}
