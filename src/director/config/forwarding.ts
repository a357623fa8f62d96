// `lvs_method NAT|DR|TUN [type ...]` and its synonyms: how packets reach a real server.
import type { Forwarding, TunnelConfig } from './config.ts';
import { type Options, readOptions } from './options.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice, port } from './types.ts';
import { type Documentation, type Keyword, value } from './vocabulary.ts';

export interface Method {
  readonly forwarding: Forwarding;
  /** Null unless it is TUN. */
  readonly tunnel: TunnelConfig | null;
}

export const IPIP: TunnelConfig = { type: 'ipip', port: 0, checksum: 'none' };

const METHODS: Readonly<Record<Forwarding, Method>> = {
  DR: { forwarding: 'DR', tunnel: null },
  NAT: { forwarding: 'NAT', tunnel: null },
  TUN: { forwarding: 'TUN', tunnel: IPIP },
};

const method = choice(['DR', 'NAT', 'TUN']);
const tunnelType = choice(['ipip', 'gue', 'gre']);

const USAGE = 'TUN type ipip|gre|gue port PORT [nocsum|csum|remcsum]';

interface Draft {
  type: TunnelConfig['type'] | undefined;
  port: number | undefined;
  checksum: TunnelConfig['checksum'];
  /** Where `type` and the checksum stand. */
  typeWord: number;
  checksumWord: number;
}

function checksum(kind: TunnelConfig['checksum']): Options<Draft>[string] {
  return (draft, words) => {
    draft.checksum = kind;
    draft.checksumWord = words.index;
  };
}

const OPTIONS: Options<Draft> = {
  type(draft, words) {
    draft.typeWord = words.index;
    draft.type = words.take(tunnelType);
  },
  port(draft, words) {
    draft.port = words.take(port);
  },
  nocsum: checksum('none'),
  csum: checksum('plain'),
  remcsum: checksum('remote'),
};

/** A keyword that takes a forwarding method. */
export function methodKeyword(documentation: Documentation): Keyword<Method, 'last'> {
  return {
    ...value(method, documentation),
    usage: `NAT|DR|TUN | ${USAGE}`,
    read(statement, reading) {
      const name = reading.argument(statement, 1, method);
      if (name === undefined) return undefined;
      if (name === 'TUN' && statement.words.length > 2) return readTunnel(statement, reading);
      reading.endsAfter(statement, 2);
      return METHODS[name];
    },
  };
}

function readTunnel(statement: Statement, reading: Reading): Method | undefined {
  reading.endsAfter(statement, statement.words.length);
  const draft: Draft = { type: undefined, port: undefined, checksum: 'none', typeWord: 2, checksumWord: 2 };
  const place = { owner: 'TUN takes', usage: `lvs_method ${USAGE}` };
  if (!readOptions(statement, 2, OPTIONS, draft, reading, place)) return undefined;
  const { type = 'ipip', port: number = 0, checksum: sum } = draft;
  if (type === 'gue' && number === 0) {
    reading.error(statement, draft.typeWord, 'a gue tunnel needs a port', 'add, for example: port 6080');
  } else if (type !== 'gue' && draft.port !== undefined) {
    reading.error(
      statement,
      draft.typeWord,
      `a tunnel of type ${type} has no port`,
      'delete the port, or write type gue',
    );
  } else if (type === 'ipip' && sum !== 'none') {
    reading.error(
      statement,
      draft.checksumWord,
      'an ipip tunnel has no checksum',
      'delete it, or write type gre or gue',
    );
  } else if (type === 'gre' && sum === 'remote') {
    reading.error(
      statement,
      draft.checksumWord,
      'a gre tunnel has no remote checksum',
      'write csum, or type gue',
    );
  } else {
    return { forwarding: 'TUN', tunnel: { type, port: number, checksum: sum } };
  }
  return undefined;
}
