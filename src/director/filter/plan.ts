// What differs between the director's table in the kernel and the rules it should have. The table is replaced as a whole, in one
// transaction: at no moment does a packet see half of it.
import { sameExpression } from '../../netlink/nftables/expression.ts';
import {
  type BaseChain,
  deleteTable,
  type KernelChain,
  newChain,
  newRule,
  newTable,
  type Rule,
} from '../../netlink/nftables/ruleset.ts';
import { type Ruleset, TABLE } from './rules.ts';

/** The table as the kernel has it. */
export interface KernelRuleset {
  readonly chains: readonly KernelChain[];
  readonly rules: readonly Rule[];
}

/** The differences in words; none when the kernel has exactly what is desired. `actual` is null when there is no table. */
export function planFilter(desired: Ruleset, actual: KernelRuleset | null): string[] {
  if (actual === null) return desired.rules.map(({ comment }) => `add ${comment}`);
  const { chains, rules } = actual;
  if (desired.rules.length === 0) {
    return rules.length === 0 ? [`delete table ${TABLE}`] : rules.map(rule => `delete ${title(rule)}`);
  }
  const changes = [
    ...desired.rules
      .filter(rule => !rules.some(known => sameRule(rule, known)))
      .map(({ comment }) => `add ${comment}`),
    ...rules
      .filter(known => !desired.rules.some(rule => sameRule(rule, known)))
      .map(known => `delete ${title(known)}`),
    ...desired.chains
      .filter(chain => !chains.some(known => sameChain(chain, known)))
      .map(({ name }) => `set up chain ${name}`),
    ...chains
      .filter(({ name }) => !desired.chains.some(chain => chain.name === name))
      .map(({ name }) => `delete chain ${name}`),
  ];
  return changes.length === 0 && !sameOrder(desired, rules) ? ['put the rules in order'] : changes;
}

/** The messages that make the kernel's table the desired one; none at all when nothing is desired and there is no table. */
export function filterMessages(desired: Ruleset, exists: boolean): Uint8Array[] {
  const messages = exists ? [deleteTable(TABLE)] : [];
  if (desired.rules.length === 0) return messages;
  return [
    ...messages,
    newTable(TABLE),
    ...desired.chains.map(chain => newChain(TABLE, chain)),
    ...desired.rules.map(rule => newRule(TABLE, rule)),
  ];
}

function sameRule(a: Rule, b: Rule): boolean {
  return (
    a.chain === b.chain &&
    a.comment === b.comment &&
    a.expressions.length === b.expressions.length &&
    a.expressions.every((expression, index) => sameExpression(expression, b.expressions[index]!))
  );
}

function sameChain(chain: BaseChain, { base }: KernelChain): boolean {
  return (
    base !== null &&
    chain.name === base.name &&
    chain.type === base.type &&
    chain.hook === base.hook &&
    chain.priority === base.priority
  );
}

/** True when every chain has the desired rules, once each and in their order. */
function sameOrder({ chains, rules }: Ruleset, actual: readonly Rule[]): boolean {
  return chains.every(({ name }) => {
    const wanted = rules.filter(rule => rule.chain === name);
    const present = actual.filter(rule => rule.chain === name);
    return wanted.length === present.length && wanted.every((rule, index) => sameRule(rule, present[index]!));
  });
}

function title({ chain, comment }: Rule): string {
  return comment || `a rule of chain ${chain} that somebody else made`;
}
