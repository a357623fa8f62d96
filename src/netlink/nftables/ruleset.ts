// Tables, chains and rules of nf_tables as netlink messages (linux/netfilter/nf_tables.h, nfnetlink.h), family inet.
import { Attributes, type Message } from '../reader.ts';
import { MessageWriter, NLM_F_APPEND, NLM_F_CREATE, NLM_F_DUMP } from '../writer.ts';
import { type Expression, readExpression, writeExpression } from './expression.ts';

const NFNL_MSG_BATCH_BEGIN = 0x10;
const NFNL_MSG_BATCH_END = 0x11;
const NFNL_SUBSYS_NFTABLES = 10;

const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_GETTABLE = 1;
const NFT_MSG_DELTABLE = 2;
const NFT_MSG_NEWCHAIN = 3;
const NFT_MSG_GETCHAIN = 4;
const NFT_MSG_NEWRULE = 6;
const NFT_MSG_GETRULE = 7;

/** IPv4 and IPv6 in one table. */
const NFPROTO_INET = 1;

const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_FLAGS = 2;
const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_TYPE = 7;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_USERDATA = 7;

/** Type of the comment in a rule's user data, as nft(8) writes and shows it; a type, a length, then the bytes. */
const UDATA_COMMENT = 0;

const NF_ACCEPT = 1;
/** sizeof(struct nfgenmsg) */
const HEADER = 4;

/** NF_INET_* */
const hooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 };
export type Hook = keyof typeof hooks;

/** A chain that packets enter by a hook; what no rule decides is accepted. */
export interface BaseChain {
  readonly name: string;
  readonly type: 'filter' | 'nat';
  readonly hook: Hook;
  /** Among what else is on the hook: lower comes first. */
  readonly priority: number;
}

export interface Rule {
  readonly chain: string;
  readonly expressions: readonly Expression[];
  /** At most 120 bytes; `nft list ruleset` shows it. */
  readonly comment: string;
}

/** A chain as the kernel has it; null when it is none of those the director makes. */
export interface KernelChain {
  readonly name: string;
  readonly base: BaseChain | null;
}

/** The first and the last message of a transaction. */
export function batchBegin(): Uint8Array {
  return batch(NFNL_MSG_BATCH_BEGIN);
}

export function batchEnd(): Uint8Array {
  return batch(NFNL_MSG_BATCH_END);
}

/** Asks for the table of that name; refused with `ENOENT` when there is none. */
export function getTable(name: string): Uint8Array {
  return message(NFT_MSG_GETTABLE, 0).text(NFTA_TABLE_NAME, name).finish();
}

/** Asks for all chains; `decodeChain` reads the answer. */
export function getChains(): Uint8Array {
  return message(NFT_MSG_GETCHAIN, NLM_F_DUMP).finish();
}

/** Asks for all rules of a table, chain by chain in their order; `decodeRule` reads the answer. */
export function getRules(table: string): Uint8Array {
  return message(NFT_MSG_GETRULE, NLM_F_DUMP).text(NFTA_RULE_TABLE, table).finish();
}

/** In a transaction only, as all that follow. */
export function newTable(name: string): Uint8Array {
  return message(NFT_MSG_NEWTABLE, NLM_F_CREATE)
    .text(NFTA_TABLE_NAME, name)
    .be32(NFTA_TABLE_FLAGS, 0)
    .finish();
}

/** With everything in it. */
export function deleteTable(name: string): Uint8Array {
  return message(NFT_MSG_DELTABLE, 0).text(NFTA_TABLE_NAME, name).finish();
}

export function newChain(table: string, { name, type, hook, priority }: BaseChain): Uint8Array {
  const writer = message(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
  writer.text(NFTA_CHAIN_TABLE, table).text(NFTA_CHAIN_NAME, name).text(NFTA_CHAIN_TYPE, type);
  writer.be32(NFTA_CHAIN_POLICY, NF_ACCEPT);
  return writer
    .nest(NFTA_CHAIN_HOOK, () => {
      writer.be32(NFTA_HOOK_HOOKNUM, hooks[hook]).be32(NFTA_HOOK_PRIORITY, priority);
    })
    .finish();
}

/** Adds a rule behind the others of its chain. */
export function newRule(table: string, { chain, expressions, comment }: Rule): Uint8Array {
  const writer = message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
  writer.text(NFTA_RULE_TABLE, table).text(NFTA_RULE_CHAIN, chain);
  writer.nest(NFTA_RULE_EXPRESSIONS, () => {
    for (const expression of expressions) writeExpression(writer, expression);
  });
  return writer.bytes(NFTA_RULE_USERDATA, userData(comment)).finish();
}

/** A chain of that table; null for other messages. */
export function decodeChain(received: Message, table: string): KernelChain | null {
  const attributes = open(received, NFT_MSG_NEWCHAIN);
  if (attributes?.text(NFTA_CHAIN_TABLE) !== table) return null;
  const name = attributes.text(NFTA_CHAIN_NAME) ?? '';
  const hook = attributes.nested(NFTA_CHAIN_HOOK);
  const type = attributes.text(NFTA_CHAIN_TYPE);
  const hookName = nameOf(hooks, hook?.be32(NFTA_HOOK_HOOKNUM) ?? null);
  const priority = hook?.be32(NFTA_HOOK_PRIORITY) ?? null;
  const known = (type === 'filter' || type === 'nat') && attributes.be32(NFTA_CHAIN_POLICY) === NF_ACCEPT;
  return {
    name,
    base:
      known && hookName && priority !== null ? { name, type, hook: hookName, priority: priority | 0 } : null,
  };
}

/** A rule of that table; null for other messages. */
export function decodeRule(received: Message, table: string): Rule | null {
  const attributes = open(received, NFT_MSG_NEWRULE);
  if (attributes?.text(NFTA_RULE_TABLE) !== table) return null;
  return {
    chain: attributes.text(NFTA_RULE_CHAIN) ?? '',
    expressions: attributes.list(NFTA_RULE_EXPRESSIONS).map(readExpression),
    comment: readComment(attributes.bytes(NFTA_RULE_USERDATA)),
  };
}

function open({ type, payload }: Message, command: number): Attributes | null {
  if (type !== ((NFNL_SUBSYS_NFTABLES << 8) | command) || payload[0] !== NFPROTO_INET) return null;
  return new Attributes(payload, HEADER);
}

/** struct nfgenmsg: family, version, resource id. */
function message(command: number, flags: number): MessageWriter {
  return new MessageWriter((NFNL_SUBSYS_NFTABLES << 8) | command, flags).put8(NFPROTO_INET).put8(0).put16(0);
}

function batch(type: number): Uint8Array {
  // The resource id, in network order, names the subsystem.
  return new MessageWriter(type, 0).put8(0).put8(0).put8(0).put8(NFNL_SUBSYS_NFTABLES).finish();
}

function userData(comment: string): Uint8Array {
  const text = new TextEncoder().encode(`${comment}\0`);
  const bytes = new Uint8Array(2 + text.length);
  bytes.set([UDATA_COMMENT, text.length]);
  bytes.set(text, 2);
  return bytes;
}

function readComment(data: Uint8Array | null): string {
  if (data === null || data[0] !== UDATA_COMMENT) return '';
  return new TextDecoder().decode(data.subarray(2, 1 + (data[1] ?? 0)));
}

function nameOf<N extends string>(numbers: Readonly<Record<N, number>>, value: number | null): N | null {
  for (const name in numbers) if (numbers[name] === value) return name;
  return null;
}
