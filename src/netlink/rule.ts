// Rules of policy routing over NETLINK_ROUTE (linux/fib_rules.h, ip-rule(8)), IPv4 and IPv6, with the mark of who set them.
import { AF_INET, AF_INET6 } from '../platform/linux.ts';
import { Attributes, type Message } from './reader.ts';
import { MessageWriter, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL } from './writer.ts';

const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;

const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_PROTOCOL = 21;

const ACTIONS = { table: 1, blackhole: 6, unreachable: 7, prohibit: 8 };

/** sizeof(struct fib_rule_hdr) */
const HEADER = 12;

export interface RuleSelector {
  /** Network, 4 or 16 bytes with zeros behind the prefix. */
  readonly address: Uint8Array;
  readonly prefix: number;
}

/** Packets that all of its selectors fit go to `table`, or are discarded. */
export interface Rule {
  readonly family: 4 | 6;
  readonly from: RuleSelector | null;
  readonly to: RuleSelector | null;
  /** Names of interfaces. */
  readonly inInterface: string | null;
  readonly outInterface: string | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  /** Lower is asked first; null: the kernel's choice, and any when it is removed. */
  readonly priority: number | null;
  readonly action: 'table' | 'blackhole' | 'unreachable' | 'prohibit';
  /** 0 unless the action is `table`. */
  readonly table: number;
  /** rtm_protocol: who set it; 2 is the kernel, 0 nobody in particular. */
  readonly protocol: number;
}

/** Asks for all rules of a family. */
export function getRules(family: 4 | 6): Uint8Array {
  return new MessageWriter(RTM_GETRULE, NLM_F_DUMP)
    .put8(family === 4 ? AF_INET : AF_INET6)
    .putBytes(new Uint8Array(HEADER - 1))
    .finish();
}

/** Adds a rule; refused with `EEXIST` when the very same is there. */
export function newRule(rule: Rule): Uint8Array {
  return write(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule);
}

/** Removes exactly this rule; refused with `ENOENT` when it is not there. */
export function deleteRule(rule: Rule): Uint8Array {
  return write(RTM_DELRULE, 0, rule);
}

/** The request that removes the rule which a message of a dump describes; null when it is not one that `protocol` set. */
export function ruleRemoval({ type, payload }: Message, protocol: number): Uint8Array | null {
  if (type !== RTM_NEWRULE || new Attributes(payload, HEADER).u8(FRA_PROTOCOL) !== protocol) return null;
  return new MessageWriter(RTM_DELRULE, 0).putBytes(payload).finish();
}

function write(type: number, flags: number, rule: Rule): Uint8Array {
  const writer = new MessageWriter(type, flags)
    .put8(rule.family === 4 ? AF_INET : AF_INET6)
    .put8(rule.to?.prefix ?? 0)
    .put8(rule.from?.prefix ?? 0)
    .put8(0)
    // The field has eight bits only.
    .put8(rule.table > 255 ? 0 : rule.table)
    .put16(0)
    .put8(ACTIONS[rule.action])
    .put32(0);
  if (rule.from) writer.bytes(FRA_SRC, rule.from.address);
  if (rule.to) writer.bytes(FRA_DST, rule.to.address);
  if (rule.inInterface !== null) writer.text(FRA_IIFNAME, rule.inInterface);
  if (rule.outInterface !== null) writer.text(FRA_OIFNAME, rule.outInterface);
  if (rule.mark) writer.u32(FRA_FWMARK, rule.mark.value).u32(FRA_FWMASK, rule.mark.mask);
  if (rule.table > 255) writer.u32(FRA_TABLE, rule.table);
  if (rule.priority !== null) writer.u32(FRA_PRIORITY, rule.priority);
  if (rule.protocol) writer.u8(FRA_PROTOCOL, rule.protocol);
  return writer.finish();
}
