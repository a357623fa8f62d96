// `unicast_peer { }`: the routers that advertisements go to instead of the multicast group.

import { type Options, type OptionsPlace, readOptions } from './options.ts';
import type { Reading } from './reading.ts';
import { address, integer } from './types.ts';
import { type Located, lines } from './vocabulary.ts';

export interface Peer {
  readonly address: string;
  readonly minimumTtl: number;
  readonly maximumTtl: number;
  /** True when a range of TTLs is asked for, which makes sources be checked. */
  readonly hasRange: boolean;
}

type Draft = { -readonly [K in keyof Peer]: Peer[K] };

const ttl = integer(0, 255, 'TTL');

const PLACE: OptionsPlace = {
  owner: 'a peer takes',
  usage: 'ADDRESS [min_ttl TTL] [max_ttl TTL]',
};

const OPTIONS: Options<Draft> = {
  min_ttl(peer, words) {
    peer.minimumTtl = words.take(ttl) ?? 0;
    peer.hasRange = true;
  },
  max_ttl(peer, words) {
    peer.maximumTtl = words.take(ttl) ?? 255;
    peer.hasRange = true;
  },
};

export const unicastPeers = lines({
  usage: `{ ${PLACE.usage} ... }`,
  help: 'Routers that advertisements go to instead of the multicast group, one a line.',
  example: 'unicast_peer { 192.0.2.12 }',
  readLine(line, reading): Located<Peer> | undefined {
    const word = line.words[0]!;
    const ip = address.parse(word);
    if (line.block !== null) reading.error(line, 0, 'a peer takes no block', 'delete the braces');
    const peer: Draft = { address: ip ?? '', minimumTtl: 0, maximumTtl: 255, hasRange: false };
    readOptions(line, 1, OPTIONS, peer, reading, PLACE);
    if (peer.minimumTtl > peer.maximumTtl) {
      reading.error(line, 0, 'min_ttl is above max_ttl', 'no packet could come: exchange them');
    }
    if (ip !== undefined) return { value: peer, statement: line };
    reading.wrongWord(line, 0, address.description, address.advise?.(word) ?? 'for example: 192.0.2.12');
    return undefined;
  },
});

/** The peers without those that are listed twice; all must be of the instance's family, none itself. */
export function checkPeers(
  listed: readonly Located<Peer>[],
  family: 4 | 6,
  source: string | null,
  reading: Reading,
): Peer[] {
  const peers = new Map<string, Peer>();
  for (const { value: peer, statement } of listed) {
    if ((peer.address.includes(':') ? 6 : 4) !== family) {
      const advice = 'peers are of the family of the virtual addresses';
      reading.error(statement, 0, `${peer.address} is not IPv${family}`, advice);
    } else if (peer.address === source) {
      reading.error(statement, 0, `${peer.address} is this director itself`, 'list the others only');
    } else if (peers.has(peer.address)) {
      reading.warning(
        statement,
        0,
        `${peer.address} is listed twice`,
        'the first one counts: delete this line',
      );
    } else {
      peers.set(peer.address, peer);
    }
  }
  return [...peers.values()];
}
