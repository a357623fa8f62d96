// RSTAT_CHECK: rpc.rstatd tells the load of the server, as rup(1) asks for it. The port mapper is asked first where it listens.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { exchange } from './exchange.ts';
import { judgeLoad } from './load.ts';
import { readReply, rpcCall } from './rpc-message.ts';
import type { CheckResult } from './state.ts';

type RstatCheck = Extract<CheckConfig, { kind: 'RSTAT_CHECK' }>;

/** RFC 1833 section 3. */
const GET_PORT = { program: 100_000, version: 2, procedure: 3 };
/** rstat.x of Sun: RSTATPROC_STATS of version 3, where loads are in 1/256. */
const STATS = { program: 100_001, version: 3, procedure: 1 };
const SCALE = 256;
/** Results before the three loads: processor 4, disks 4, memory and interrupts 5, packets 4, switches 1. */
const LOAD_AT = 18;

export function probeRstat(
  platform: Platform,
  check: RstatCheck,
  done: (result: CheckResult) => void,
): Cancel {
  const began = platform.clock.monotonic();
  const silence = { ok: false, reason: `no answer within ${check.connectTimeout / 1000} s` };
  const socket = { type: SOCK_DGRAM, protocol: IPPROTO_UDP, silence };
  let port = 0;
  let cancel = ask(GET_PORT, check.connectPort, check.connectTimeout, readPort, result => {
    const left = check.connectTimeout - (platform.clock.monotonic() - began);
    if (port === 0) done(result);
    else cancel = ask(STATS, port, Math.max(1, left), readLoad, done);
  });

  function ask(
    procedure: typeof STATS,
    connectPort: number,
    connectTimeout: number,
    read: (results: readonly number[]) => CheckResult,
    then: (result: CheckResult) => void,
  ): Cancel {
    const id = new DataView(platform.random(4).slice().buffer).getUint32(0);
    const args = procedure === GET_PORT ? [STATS.program, STATS.version, IPPROTO_UDP, 0] : [];
    const judge = (datagram: Uint8Array) => {
      const reply = readReply(datagram, id);
      if (reply === null) return null;
      return 'wrong' in reply ? { ok: false, reason: reply.wrong } : read(reply.results);
    };
    const question = rpcCall(id, procedure, ...args);
    return exchange(
      platform,
      { ...check, connectPort, connectTimeout },
      { ...socket, question, judge },
      then,
    );
  }

  function readPort([number = 0]: readonly number[]): CheckResult {
    port = number < 65_536 ? number : 0;
    return { ok: false, reason: 'the port mapper knows no rstatd' };
  }

  function readLoad(results: readonly number[]): CheckResult {
    const load = results[LOAD_AT];
    if (load === undefined) return { ok: false, reason: 'the reply is cut off' };
    return judgeLoad('answers', load / SCALE, check);
  }

  return () => cancel();
}
