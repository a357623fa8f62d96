// Whether the card answers, and what to do when it does not: the decisions, as a pure function of state, input and time. The director
// itself needs no card once it runs; what fails with it is the next commit, and the next start.
import { inSpan } from './words.ts';

/** Milliseconds between two readings of a card that answers. */
export const INTERVAL = 60_000;
/** Milliseconds after which a card that fails is looked at again: the first time, doubling up to the last. */
const FIRST_RETRY = 10_000;
const LAST_RETRY = 600_000;
/** Attempts that only read; after these the bus is scanned, and after those the disk is taken off and found anew. */
const ONLY_READS = 2;
const SCANS = 5;
/** Milliseconds after a reading in which the kernel's complaints are no news. */
const FRESH = 10_000;
/**
 * Sectors from one reading to the next, round the card: a prime, so that it comes by every sector. Blocks that are read over and over
 * lose charge, and a controller that repairs them writes.
 */
const STRIDE = 104_729;

/** What a card that answers was found to be. */
export type Recognition =
  /** Ours. `note` says what is odd about it all the same, or is null. */
  | { readonly kind: 'ours'; readonly note: string | null }
  | { readonly kind: 'another'; readonly reason: string }
  /** It stopped to answer before it was known. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface CardWatch {
  readonly state: 'good' | 'failed' | 'another';
  /** Monotonic milliseconds at which it became so. */
  readonly since: number;
  /** Why it is not good, in words. */
  readonly reason: string;
  /** What it was tried to get a card back that fails. */
  readonly attempts: number;
  /** Readings so far. */
  readonly readings: number;
  readonly lastReading: number;
  /** When there is something to do; Infinity while something is being done. */
  readonly due: number;
  /** A reading that failed elsewhere: is it the sector or the card? */
  readonly doubt: { readonly sector: number; readonly reason: string } | null;
  /** It is to be recognised even if it can be read. */
  readonly isWary: boolean;
  /** The first sector that could not be read while the card answered, and why. */
  readonly unreadable: { readonly sector: number; readonly reason: string } | null;
}

export type CardInput =
  | { readonly kind: 'time' }
  /** Somebody wants to write to it. */
  | { readonly kind: 'asked' }
  /** The kernel has complained of it. */
  | { readonly kind: 'complaint' }
  | { readonly kind: 'read'; readonly sector: number; readonly failure: string | null }
  | { readonly kind: 'rescanned' }
  | { readonly kind: 'recognised'; readonly as: Recognition };

export type CardEffect =
  /** Answer with `read`. */
  | { readonly kind: 'read'; readonly sector: number }
  /** Answer with `rescanned`; `detach`: the disk is taken off the bus first. */
  | { readonly kind: 'rescan'; readonly detach: boolean }
  /** Answer with `recognised`. */
  | { readonly kind: 'recognise' }
  | {
      readonly kind: 'tell';
      readonly what: 'failed' | 'back' | 'another' | 'unreadable';
      readonly reason: string;
    };

export interface CardStep {
  readonly watch: CardWatch;
  readonly effects: readonly CardEffect[];
}

/** Of a card that was recognised just now. */
export function newCardWatch(now: number): CardWatch {
  return {
    state: 'good',
    since: now,
    reason: '',
    attempts: 0,
    readings: 0,
    lastReading: Number.NEGATIVE_INFINITY,
    due: now + INTERVAL,
    doubt: null,
    isWary: false,
    unreadable: null,
  };
}

/** `sectors` is the size of the card. */
export function watchCard(watch: CardWatch, input: CardInput, now: number, sectors: number): CardStep {
  switch (input.kind) {
    case 'time':
      return now < watch.due ? { watch, effects: [] } : look(watch, sectors);
    case 'asked': {
      // Somebody may have put it back just now.
      const isIdle = watch.state === 'failed' && watch.due !== Number.POSITIVE_INFINITY;
      return isIdle && now - watch.lastReading >= FIRST_RETRY ? look(watch, sectors) : asked(watch, sectors);
    }
    case 'complaint':
      return now - watch.lastReading < FRESH ? { watch, effects: [] } : asked(watch, sectors);
    case 'rescanned':
      return read(watch, 0);
    case 'read':
      return wasRead({ ...watch, lastReading: now }, input.sector, input.failure, now);
    case 'recognised':
      return recognised(watch, input.as, now);
  }
}

function look(watch: CardWatch, sectors: number): CardStep {
  if (watch.state !== 'failed') {
    const sector = (watch.readings * STRIDE) % Math.max(1, sectors);
    return read({ ...watch, readings: watch.readings + 1 }, sector);
  }
  const next = { ...watch, attempts: watch.attempts + 1 };
  if (next.attempts <= ONLY_READS) return read(next, 0);
  return {
    watch: { ...next, due: Number.POSITIVE_INFINITY },
    effects: [{ kind: 'rescan', detach: next.attempts > SCANS }],
  };
}

/** What is being done already will tell, and so did what was tried last. */
function asked(watch: CardWatch, sectors: number): CardStep {
  if (watch.due === Number.POSITIVE_INFINITY) return { watch: { ...watch, isWary: true }, effects: [] };
  if (watch.state === 'failed') return { watch, effects: [] };
  return look({ ...watch, isWary: true }, sectors);
}

function read(watch: CardWatch, sector: number): CardStep {
  return { watch: { ...watch, due: Number.POSITIVE_INFINITY }, effects: [{ kind: 'read', sector }] };
}

function wasRead(watch: CardWatch, sector: number, failure: string | null, now: number): CardStep {
  const { state, doubt, isWary, unreadable } = watch;
  if (failure !== null) {
    // Every card can be read at its beginning, if at all.
    if (state === 'good' && sector !== 0) return read({ ...watch, doubt: { sector, reason: failure } }, 0);
    return fail(watch, failure, now);
  }
  const news = doubt !== null && unreadable === null;
  const effects: CardEffect[] = news
    ? [{ kind: 'tell', what: 'unreadable', reason: describeUnreadable(doubt) }]
    : [];
  const next = { ...watch, doubt: null, unreadable: unreadable ?? doubt };
  if (state === 'good' && !isWary) return { watch: { ...next, due: now + INTERVAL }, effects };
  return { watch: next, effects: [...effects, { kind: 'recognise' }] };
}

function recognised(watch: CardWatch, as: Recognition, now: number): CardStep {
  const next = { ...watch, isWary: false, due: now + INTERVAL };
  switch (as.kind) {
    case 'unknown':
      return fail(watch, as.reason, now);
    case 'another': {
      const isNews = watch.state !== 'another' || watch.reason !== as.reason;
      const since = watch.state === 'another' ? watch.since : now;
      return {
        watch: { ...next, state: 'another', since, reason: as.reason, attempts: 0 },
        effects: isNews ? [{ kind: 'tell', what: 'another', reason: as.reason }] : [],
      };
    }
    case 'ours': {
      if (watch.state === 'good') return { watch: next, effects: [] };
      const note = as.note === null ? '' : `; ${as.note}`;
      return {
        watch: { ...next, state: 'good', since: now, reason: '', attempts: 0 },
        effects: [
          { kind: 'tell', what: 'back', reason: `it was away for ${inSpan(now - watch.since)}${note}` },
        ],
      };
    }
  }
}

function fail(watch: CardWatch, reason: string, now: number): CardStep {
  const isNews = watch.state !== 'failed';
  const attempts = isNews ? 0 : watch.attempts;
  return {
    watch: {
      ...watch,
      state: 'failed',
      since: isNews ? now : watch.since,
      reason,
      attempts,
      due: now + Math.min(FIRST_RETRY * 2 ** attempts, LAST_RETRY),
      doubt: null,
      isWary: false,
    },
    effects: isNews ? [{ kind: 'tell', what: 'failed', reason }] : [],
  };
}

function describeUnreadable({ sector, reason }: { sector: number; reason: string }): string {
  return `sector ${sector} cannot be read (${reason}), others can`;
}

/** What is wrong with the card now, in words; null: nothing. */
export function troubleOf({ state, since, reason, unreadable }: CardWatch, now: number): string | null {
  switch (state) {
    case 'failed':
      return `ALARM: the card has not answered for ${inSpan(now - since)}: ${reason}; the director goes on without it, and nothing can be committed`;
    case 'another':
      return `ALARM: this is another card, which is not written to: ${reason}`;
    case 'good':
      return unreadable === null ? null : `the card is damaged: ${describeUnreadable(unreadable)}`;
  }
}
