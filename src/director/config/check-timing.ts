// When and where a check connects: said in the check, or for all checks of a real server or of a virtual server.
import { familyOf } from '../address.ts';
import { hostName } from './checks/virtual-host.ts';
import type { CheckBeat, CheckConfig, CheckSource, CheckTiming } from './config.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, integer, interfaceName, port, seconds } from './types.ts';
import { once, toggle, type Values, value } from './vocabulary.ts';

/** The longest that keepalived takes: 32 bits of microseconds. */
export const LONGEST_SECONDS = 4294;

/** Timers take no more milliseconds than 31 bits hold: 24 days. */
const LONGEST_DELAY_SECONDS = 2_147_483;

/** Of `delay_loop`, in milliseconds. */
const DEFAULT_INTERVAL = 60_000;

/** Keywords about the beat of a check. */
const beatKeywords = {
  retry: value(integer(0, 0xffffffff), {
    help: 'Further attempts before a server counts as down; 3 for DNS_CHECK, 0 for MISC_CHECK and 1 for others unless set.',
    example: 'retry 2',
  }),
  fall: value(integer(1, 0xffffffff), {
    help: 'Failures in a row after which a server counts as down: one more than retry.',
    example: 'fall 3',
  }),
  rise: value(integer(1, 0xffffffff), {
    help: 'Successes in a row after which a server that is down counts as up; 1 unless set.',
    example: 'rise 2',
  }),
  delay_before_retry: value(seconds(0, LONGEST_SECONDS), {
    help: 'Seconds between those attempts; delay_loop for DNS_CHECK, 3 for HTTP_GET and 1 for others unless set.',
    example: 'delay_before_retry 2',
  }),
  delay_loop: value(seconds(0.000001, LONGEST_DELAY_SECONDS), {
    help: 'Seconds between two attempts; 60 unless set.',
    example: 'delay_loop 6',
  }),
  warmup: value(seconds(0, LONGEST_SECONDS), {
    help: 'Seconds over which the first attempts of all checks are spread; 1 unless set.',
    example: 'warmup 5',
  }),
  alpha: toggle({
    help: 'Down until the first success, as is the default; alpha off: up until the first failure.',
    example: 'alpha off',
  }),
};

/** Keywords of a check, a real server and a virtual server. */
export const timingKeywords = {
  connect_timeout: value(seconds(0.000001, LONGEST_SECONDS), {
    help: 'Seconds until an attempt has failed; 5 unless set.',
    example: 'connect_timeout 3',
  }),
  ...beatKeywords,
  virtualhost: hostName,
};

/** Keywords of every check that has a beat of its own. */
export const checkKeywords = once(() => ({
  ...beatKeywords,
  log_all_failures: toggle({
    help: 'Each failed attempt is logged while the server is up, not only the last one.',
    example: 'log_all_failures',
  }),
}));

/** Keywords of every check that sends something. */
export const connectKeywords = once(() => ({
  connect_timeout: timingKeywords.connect_timeout,
  ...checkKeywords(),
  connect_ip: value(address, {
    help: 'Address to connect to; that of the real server unless set.',
    example: 'connect_ip 10.0.0.10',
  }),
  connect_port: value(port, {
    help: 'Port to connect to; that of the real server unless set.',
    example: 'connect_port 8080',
  }),
  bindto: value(address, {
    help: 'Address to connect from.',
    example: 'bindto 10.0.0.1',
  }),
  bind_port: value(port, {
    help: 'Port to connect from; such a connection ends with a reset, so that the next one can use the port.',
    example: 'bind_port 1023',
  }),
  bind_if: value(interfaceName, {
    help: 'Interface to connect through; needed for a link-local address.',
    example: 'bind_if eth1',
  }),
  fwmark: value(integer(0, 0xffffffff, 'MARK'), {
    help: 'Firewall mark of the packets sent; 0 is none.',
    example: 'fwmark 1',
  }),
}));

export type TimingValues = Values<typeof timingKeywords>;
export type CheckValues = Values<ReturnType<typeof checkKeywords>>;
export type ConnectValues = Values<ReturnType<typeof connectKeywords>>;

/** In milliseconds; what is missing is the same for most checks. */
export interface TimingDefaults {
  readonly retries?: number;
  /** Null: the interval. */
  readonly delayBeforeRetry?: number | null;
}

/** What a real server passes on to its checks. */
export interface CheckContext {
  readonly address: string;
  /** 0: none. */
  readonly port: number;
  readonly weight: number;
  /** Of the real server, then of the virtual server: the first that says something counts. */
  readonly levels: readonly [TimingValues, TimingValues];
  readonly reading: Reading;
}

/** A check with all but what it takes from its real server and virtual server. */
export interface CheckDraft {
  /** The checks it stands for; none when a problem has been reported. */
  complete(context: CheckContext): readonly CheckConfig[];
}

/** Beat of a check without connection. */
export function resolveBeat(
  check: CheckValues,
  { levels: [real, virtual], reading }: CheckContext,
  defaults: TimingDefaults = {},
): CheckBeat {
  const beat: Writable<CheckBeat> = { interval: 0, retries: 0, delayBeforeRetry: 0 };
  fillBeat(beat, check, real, virtual, defaults, reading);
  return beat;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** There may be thousands of checks: each is made in one piece, without copies. */
function fillBeat(
  beat: Writable<CheckBeat>,
  check: CheckValues,
  real: TimingValues,
  virtual: TimingValues,
  { retries = 1, delayBeforeRetry = 1000 }: TimingDefaults,
  { shared: { globals } }: Reading,
): void {
  beat.interval = check.delay_loop ?? real.delay_loop ?? virtual.delay_loop ?? DEFAULT_INTERVAL;
  beat.retries = retriesOf(check) ?? retriesOf(real) ?? retriesOf(virtual) ?? retries;
  beat.delayBeforeRetry =
    check.delay_before_retry ??
    real.delay_before_retry ??
    virtual.delay_before_retry ??
    delayBeforeRetry ??
    beat.interval;
  const rise = check.rise ?? real.rise ?? virtual.rise ?? 1;
  if (rise > 1) beat.rise = rise;
  const warmup = check.warmup ?? real.warmup ?? virtual.warmup;
  if (warmup !== undefined) beat.warmup = warmup;
  if ((check.alpha ?? real.alpha ?? virtual.alpha) === false) beat.assumedUp = true;
  if (check.log_all_failures ?? globals.checker_log_all_failures) beat.logsFailures = true;
}

function retriesOf({ retry, fall }: { readonly retry?: number; readonly fall?: number }): number | undefined {
  return retry ?? (fall === undefined ? undefined : fall - 1);
}

/** Beat and connection of a check. `statement` is where problems are told; a check that `needsPort` must have one. */
export function resolveTiming(
  check: ConnectValues,
  statement: Statement,
  context: CheckContext,
  defaults: TimingDefaults = {},
  needsPort = true,
): CheckTiming {
  const { address: ip, port: number, levels, reading } = context;
  const [real, virtual] = levels;
  const connectAddress = check.connect_ip ?? ip;
  const connectPort = check.connect_port ?? number;
  if (needsPort && connectPort === 0) {
    const message = `${statement.words[0]} does not know which port to try`;
    reading.error(statement, 0, message, 'add, for example: connect_port 80');
  }
  const timing: Writable<CheckTiming> = {
    connectAddress,
    connectPort,
    connectTimeout: check.connect_timeout ?? real.connect_timeout ?? virtual.connect_timeout ?? 5000,
    interval: 0,
    retries: 0,
    delayBeforeRetry: 0,
  };
  fillBeat(timing, check, real, virtual, defaults, reading);
  const source = sourceOf(check, connectAddress, statement, reading);
  if (source !== null) timing.source = source;
  return timing;
}

function sourceOf(
  { bindto, bind_port, bind_if, fwmark }: ConnectValues,
  connectAddress: string,
  statement: Statement,
  reading: Reading,
): CheckSource | null {
  if (bind_if === undefined) {
    for (const ip of [connectAddress, bindto]) {
      if (ip === undefined || !isLinkLocal(ip)) continue;
      const advice = 'add bind_if: the address is the same on every interface';
      const place = placeOf(statement, ip === bindto ? 'bindto' : 'connect_ip');
      reading.error(place, 0, `${ip} is link-local`, advice);
    }
  }
  if (bindto !== undefined && familyOf(bindto) !== familyOf(connectAddress)) {
    const message = `${bindto} cannot reach ${connectAddress}: the families differ`;
    reading.error(
      placeOf(statement, 'bindto'),
      1,
      message,
      `bindto an IPv${familyOf(connectAddress)} address`,
    );
  }
  if (bindto === undefined && bind_port === undefined && bind_if === undefined && !fwmark) return null;
  return {
    ...(bindto !== undefined && { address: bindto }),
    ...(bind_port !== undefined && { port: bind_port }),
    ...(bind_if !== undefined && { interface: bind_if }),
    ...(fwmark && { mark: fwmark }),
  };
}

/** fe80::/10 (RFC 4291 section 2.5.6). */
function isLinkLocal(ip: string): boolean {
  return ip.startsWith('fe') && /^fe[89ab]/.test(ip);
}
