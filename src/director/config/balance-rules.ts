// Rules between the scheduler of a virtual server and what happens to the weights of its real servers.
import type { VirtualServerConfig } from './config.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';

/** Schedulers that go by addresses: a client has one server, and is turned away while that has weight 0 unless a flag says otherwise. */
const BY_ADDRESS: Readonly<Record<string, { readonly flag: number; readonly word: string | null }>> = {
  sh: { flag: 1, word: 'sh-fallback' },
  mh: { flag: 1, word: 'mh-fallback' },
  dh: { flag: 0, word: null },
};

/** Tells what a scheduler makes of weights that change. */
export function checkBalance(service: VirtualServerConfig, statement: Statement, reading: Reading): void {
  const { scheduler, realServers } = service;
  const hash = BY_ADDRESS[scheduler];
  const inhibited = realServers.some(each => each.inhibitsOnFailure);
  if (inhibited && hash !== undefined && ((service.schedulerFlags ?? 0) & hash.flag) === 0) {
    const message = `with lvs_sched ${scheduler} the clients of a server that is down are turned away while it has weight 0`;
    const advice =
      hash.word === null ? 'delete inhibit_on_failure' : `add ${hash.word}, or delete inhibit_on_failure`;
    reading.warning(placeOf(statement, 'inhibit_on_failure'), 0, message, advice);
  }
  if (realServers.length > 0 && realServers.every(each => each.weight === 0)) {
    const advice = 'give one of them a weight, or delete the virtual server';
    reading.warning(statement, 0, 'no real server has a weight: none gets a connection', advice);
  }
  if (service.slowStart !== undefined) checkSlowStart(service, statement, reading);
}

function checkSlowStart(
  { scheduler, realServers }: VirtualServerConfig,
  statement: Statement,
  reading: Reading,
): void {
  const place = placeOf(statement, 'slow_start');
  if (scheduler === 'fo' || scheduler === 'ovf') {
    const message = `slow_start under lvs_sched ${scheduler}: its weights say which server comes first`;
    reading.warning(place, 0, message, 'delete it, or write lvs_sched wlc');
  } else if (realServers.every(each => each.weight <= 1)) {
    const message = 'slow_start has no effect: a weight of 1 has no steps';
    reading.warning(place, 0, message, 'give all servers of the service 100 times their weight');
  } else if (scheduler === 'rr' || scheduler === 'lc') {
    const message = `slow_start has no effect: lvs_sched ${scheduler} does not look at weights`;
    reading.warning(place, 0, message, `write lvs_sched w${scheduler}`);
  }
}
