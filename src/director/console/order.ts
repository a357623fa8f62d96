// What the orders about real servers have in common.
import type { Platform } from '../../platform/platform.ts';
import type { OrderAnswer } from '../control/orders.ts';
import type { Order } from '../protocol.ts';
import { UsageError } from './arguments.ts';
import { ask } from './ask.ts';
import { type Command, DONE, type Invocation } from './command.ts';

const USAGE = 'SERVER [--service SERVICE]';

/** Gives the order and returns whom it was about, as `SERVER of SERVICE`. Throws a UsageError when nobody is called so. */
export async function give(
  platform: Platform,
  invocation: Invocation,
  order: Pick<Order, 'kind' | 'timeout'>,
): Promise<readonly string[]> {
  const { service } = invocation;
  const server = invocation.operands[0]!;
  const given = { ...order, server, ...(service !== null && { service }) };
  const { servers, likely } = (await ask(platform, invocation, 'order', given)) as OrderAnswer;
  if (servers.length > 0) return servers;
  const where = service === null ? '' : ` in ${service}`;
  const hint = likely === null ? '' : `; did you mean ${likely}?`;
  throw new UsageError(`no real server is called ${server}${where}${hint}`);
}

/** `done`: what becomes of each server, behind its name. */
function orderCommand(kind: Order['kind'], summary: string, done: string): Command {
  return {
    name: kind,
    usage: USAGE,
    summary,
    operands: { least: 1, most: 1 },
    async run(platform, invocation) {
      const servers = await give(platform, invocation, { kind });
      if (invocation.json) platform.print(`${JSON.stringify({ version: 1, order: kind, servers })}\n`);
      else platform.print(servers.map(each => `${each}: ${done}\n`).join(''));
      return DONE;
    },
  };
}

export const orders: readonly Command[] = [
  orderCommand('undrain', 'gives a real server new connections again', 'serves again if its checks pass'),
  orderCommand(
    'maintain',
    'takes a real server out for as long as its maintenance takes',
    'in maintenance: no new connections, until: director resume',
  ),
  orderCommand('resume', 'ends the maintenance of a real server', 'serves again if its checks pass'),
  orderCommand(
    'forgive',
    'forgets the penalty of a real server that came and went',
    'its penalty is forgotten',
  ),
];
