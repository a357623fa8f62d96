// The keywords of a virtual server about clients that stay with their real server.
import { type Family, familyOf } from '../address.ts';
import type { Scheduler, ServiceKey } from './config.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice, integer } from './types.ts';
import { type Keyword, type Values, type ValueType, value } from './vocabulary.ts';

const timeout = integer(1, 2_678_400, 'SECONDS');

/** keepalived.conf(5): "default 6 minutes", for the keyword without a number. */
const DEFAULT_SECONDS = 360;

const persistenceTimeout: Keyword<number, 'last'> = {
  ...value(timeout, {
    help: 'Seconds for which a client stays with its real server; 360 without a number.',
    example: 'persistence_timeout 600',
  }),
  usage: '[SECONDS]',
  read(statement, reading) {
    reading.endsAfter(statement, 2);
    if (statement.words.length === 1) return DEFAULT_SECONDS;
    return reading.argument(statement, 1, timeout);
  },
};

interface Granularity {
  readonly prefix: number;
  /** Null: the number alone does not tell. */
  readonly family: Family | null;
}

const MASK = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Length of the prefix that a mask stands for; undefined when it is none. */
function prefixOfMask(mask: string): number | undefined {
  let bits = '';
  for (const part of mask.split('.')) bits += Number(part).toString(2).padStart(8, '0');
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.replaceAll('0', '').length : undefined;
}

const granularity: ValueType<Granularity> = {
  name: 'MASK|PREFIX',
  description: 'a mask such as 255.255.255.0, or the length of a prefix from 0 to 128',
  parse(word) {
    if (MASK.test(word)) {
      const prefix = prefixOfMask(word);
      return prefix === undefined ? undefined : { prefix, family: 4 };
    }
    const prefix = integer(0, 128).parse(word);
    return prefix === undefined ? undefined : { prefix, family: prefix > 32 ? 6 : null };
  },
  advise: word => (MASK.test(word) ? 'the ones of a mask stand before its zeros' : null),
};

export const persistenceKeywords = {
  persistence_timeout: persistenceTimeout,
  persistence_granularity: value(granularity, {
    help: 'Clients of one network, by its mask or prefix, stay with one real server.',
    example: 'persistence_granularity 255.255.255.0',
  }),
  persistence_engine: value(choice(['sip']), {
    help: 'What a client is known by, in place of its address: the Call-ID of SIP over UDP.',
    example: 'persistence_engine sip',
  }),
};

export type PersistenceValues = Values<typeof persistenceKeywords>;

/** What persistence by the client's address makes of schedulers that do not choose by load. */
const OVERRIDDEN: Partial<Record<Scheduler, string>> = {
  sh: 'a client has the same real server by its address anyway',
  mh: 'a client has the same real server by its address anyway',
  dh: 'it chooses by the destination, persistence by the client',
  lblc: 'it chooses by the destination, persistence by the client',
  lblcr: 'it chooses by the destination, persistence by the client',
};

export interface PersistenceConfig {
  readonly persistenceTimeout: number | null;
  readonly persistenceGranularity?: number;
  readonly persistenceEngine?: 'sip';
}

/** `key` is the first one of the service. */
export function finishPersistence(
  values: PersistenceValues,
  key: ServiceKey,
  scheduler: Scheduler,
  statement: Statement,
  reading: Reading,
): PersistenceConfig {
  const {
    persistence_timeout: seconds = null,
    persistence_granularity: mask,
    persistence_engine: engine,
  } = values;
  if (seconds === null) {
    for (const word of ['persistence_granularity', 'persistence_engine'] as const) {
      if (values[word] === undefined || !lacks(statement, 'persistence_timeout')) continue;
      const message = `${word} has no effect without persistence_timeout`;
      reading.warning(placeOf(statement, word), 0, message, 'add, for example: persistence_timeout 360');
    }
    return { persistenceTimeout: null };
  }
  const overridden = OVERRIDDEN[scheduler];
  if (overridden !== undefined) {
    const message = `persistence_timeout takes the place of lvs_sched ${scheduler}: ${overridden}`;
    reading.warning(placeOf(statement, 'persistence_timeout'), 0, message, 'delete one of the two');
  }
  const family = key.kind === 'address' ? familyOf(key.address) : key.family;
  if (mask !== undefined && family === 4 && mask.prefix > 32) {
    const place = placeOf(statement, 'persistence_granularity');
    reading.error(place, 1, `a prefix of ${mask.prefix} is too long for IPv4`, 'it is from 0 to 32');
  }
  if (mask?.prefix === 0 && family === 6) {
    const place = placeOf(statement, 'persistence_granularity');
    reading.error(
      place,
      1,
      'the kernel takes no prefix of 0 for IPv6',
      'write 1, or persistence_timeout alone',
    );
  }
  if (mask?.family === 4 && family === 6) {
    const place = placeOf(statement, 'persistence_granularity');
    reading.error(
      place,
      1,
      'a mask of IPv4 for a service of IPv6',
      'write the length of a prefix, for example 64',
    );
  }
  const isDatagrams = key.kind === 'fwmark' || key.protocol === 'UDP';
  if (engine !== undefined && !isDatagrams) {
    const place = placeOf(statement, 'persistence_engine');
    reading.warning(
      place,
      0,
      `persistence_engine ${engine} has no effect with ${key.protocol}`,
      'it reads UDP only: delete it',
    );
  }
  return {
    persistenceTimeout: seconds,
    ...(mask !== undefined &&
      mask.prefix !== (family === 4 ? 32 : 128) && { persistenceGranularity: mask.prefix }),
    ...(engine !== undefined && isDatagrams && { persistenceEngine: engine }),
  };
}
