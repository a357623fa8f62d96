// `sorry_server ADDRESS [PORT]`, with checks in a block when there are any: what answers while the quorum is lost.
import { familyOf } from '../address.ts';
import { timingKeywords } from './check-timing.ts';
import { checkBlocks, completeChecks } from './checks/checks.ts';
import type { ServiceKey, SorryServerConfig } from './config.ts';
import { type Method, methodKeyword } from './forwarding.ts';
import { readFields } from './read-fields.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Inherited } from './real-server.ts';
import type { Statement } from './tree.ts';
import { address, integer } from './types.ts';
import { isLinkLocal } from './virtual-address.ts';
import { type Fields, fieldsOf, type Keyword, once, toggle, type Values } from './vocabulary.ts';

const keywords = { ...timingKeywords, ...checkBlocks };

const fields = once(() => fieldsOf(keywords));

interface SorryServerDraft {
  readonly address: string;
  /** 0: none given. */
  readonly port: number;
  readonly values: Values<typeof keywords>;
  readonly statement: Statement;
}

const portOrNone = integer(0, 65535, 'PORT');

const sorryServer: Keyword<SorryServerDraft, 'last'> = {
  usage: 'ADDRESS [PORT] [{ ... }]',
  help: 'Answers while the quorum is lost; with checks in braces only as long as they pass.',
  example: 'sorry_server 10.0.0.99 80',
  repeat: 'last',
  defaultText: null,
  get fields(): Fields {
    return fields();
  },
  read(statement, reading) {
    const { words } = statement;
    if (words.length > 3) reading.extraWords(statement, 3);
    const ip = reading.argument(statement, 1, address);
    const port = words.length > 2 ? reading.argument(statement, 2, portOrNone) : 0;
    const values = readFields(
      fields(),
      statement.block ?? [],
      statement,
      reading,
    ) as SorryServerDraft['values'];
    return ip === undefined || port === undefined ? undefined : { address: ip, port, values, statement };
  },
};

export const sorryKeywords = {
  sorry_server: sorryServer,
  sorry_server_inhibit: toggle({
    help: 'The sorry server stays in the table with weight 0 while it is not needed, so that its connections go on.',
    example: 'sorry_server_inhibit',
  }),
  sorry_server_lvs_method: methodKeyword({
    help: 'How packets reach the sorry server; lvs_method of the virtual server unless set.',
    example: 'sorry_server_lvs_method DR',
  }),
};

type SorryValues = Values<typeof sorryKeywords>;

export function finishSorryServer(
  values: SorryValues,
  inherited: Inherited,
  keys: readonly ServiceKey[],
  statement: Statement,
  reading: Reading,
): SorryServerConfig | undefined {
  const draft = values.sorry_server;
  if (draft === undefined) {
    complainOfWords(statement, reading);
    return undefined;
  }
  const { address: ip } = draft;
  const { forwarding, tunnel }: Method = values.sorry_server_lvs_method ?? inherited.method;
  let port = draft.port === 0 ? inherited.port : draft.port;
  if (isLinkLocal(ip)) {
    const advice = 'the kernel balances to no such address: write a global one of the host';
    reading.error(draft.statement, 1, `sorry server ${ip} is link-local`, advice);
  }
  const places = { sorry: draft.statement, method: placeOf(statement, 'sorry_server_lvs_method') };
  for (const key of keys) {
    const family = key.kind === 'address' ? familyOf(key.address) : key.family;
    if (forwarding !== 'TUN' && familyOf(ip) !== family) {
      const message = `sorry server ${ip} is not IPv${family} as its virtual server`;
      reading.error(
        places.sorry,
        1,
        message,
        `only tunnels (TUN) lead from IPv${family} to the other family`,
      );
      break;
    }
    if (forwarding !== 'NAT' && key.kind === 'address' && draft.port !== 0 && draft.port !== key.port) {
      const message = `with ${forwarding} the sorry server must have port ${key.port} as its virtual server`;
      const advice = `write ${key.port}, or sorry_server_lvs_method NAT to change the port`;
      reading.error(places.sorry, 2, message, advice);
      break;
    }
  }
  const context = {
    address: ip,
    port,
    weight: 1,
    levels: [draft.values, inherited.timing] as const,
    reading,
  };
  const checks = completeChecks(draft.values, context, draft.statement);
  if (inherited.isMarked) port = 0;
  return {
    address: ip,
    port,
    forwarding,
    ...(tunnel !== null && { tunnel }),
    inhibits: values.sorry_server_inhibit === true,
    checks,
  };
}

function complainOfWords(statement: Statement, reading: Reading): void {
  if (statement.block?.some(each => each.words[0] === 'sorry_server')) return;
  for (const line of statement.block ?? []) {
    const word = line.words[0]!;
    if (word !== 'sorry_server_inhibit' && word !== 'sorry_server_lvs_method') continue;
    reading.warning(
      line,
      0,
      `${word} has no effect without sorry_server`,
      'add, for example: sorry_server 10.0.0.99 80',
    );
  }
}
