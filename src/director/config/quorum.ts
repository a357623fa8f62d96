// The keywords of a virtual server about its quorum: how much of it must be up.
import { saysWeight } from './checks/weighing.ts';
import { command, runAs, type ScriptUser } from './command.ts';
import type { QuorumConfig, RealServerConfig } from './config.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { integer } from './types.ts';
import { type Values, valueOr } from './vocabulary.ts';

export const quorumKeywords = {
  quorum: valueOr(integer(1, 0xffffffff, 'WEIGHT'), '1', {
    help: 'Weight that the real servers that are up must have together; below it the sorry server answers.',
    example: 'quorum 2',
  }),
  hysteresis: valueOr(integer(0, 0xffffffff, 'WEIGHT'), '0', {
    help: 'The quorum is gained at that much more, and lost below that much less.',
    example: 'hysteresis 1',
  }),
  quorum_up: command({
    help: 'Run when the quorum is gained.',
    example: 'quorum_up "/usr/local/sbin/notify up"',
  }),
  quorum_down: command({
    help: 'Run when the quorum is lost.',
    example: 'quorum_down "/usr/local/sbin/notify down"',
  }),
};

export type QuorumValues = Values<typeof quorumKeywords>;

/** Undefined when one server that is up is enough and nobody is told. */
export function finishQuorum(
  values: QuorumValues,
  servers: readonly RealServerConfig[],
  user: ScriptUser,
  statement: Statement,
  reading: Reading,
): QuorumConfig | undefined {
  const { quorum_up, quorum_down } = values;
  if (lacks(statement, 'quorum', 'hysteresis', 'quorum_up', 'quorum_down')) return undefined;
  const changes = servers.some(({ checks }) => checks.some(saysWeight));
  const sum = changes ? null : servers.reduce((weights, server) => weights + server.weight, 0);
  const weight = reachable(values.quorum ?? quorumKeywords.quorum.default, sum, statement, reading);
  let hysteresis = values.hysteresis ?? quorumKeywords.hysteresis.default;
  if (hysteresis >= weight) {
    const place = placeOf(statement, 'hysteresis');
    if (hysteresis > 0) {
      const message = `hysteresis ${hysteresis} is not below the quorum of ${weight}`;
      reading.warning(place, 0, message, `${weight - 1} is taken: write that, or a larger quorum`);
    }
    hysteresis = weight - 1;
  }
  if (sum !== null && sum > 0 && weight + hysteresis > sum) {
    const message = `once lost, the quorum is never gained: at ${weight + hysteresis}, and the real servers weigh ${sum} together`;
    reading.warning(
      placeOf(statement, 'hysteresis'),
      0,
      message,
      `write hysteresis ${sum - weight}, or less`,
    );
  }
  return {
    weight,
    hysteresis,
    onUp: runAs(quorum_up ?? null, user),
    onDown: runAs(quorum_down ?? null, user),
  };
}

/** As keepalived does, what the servers cannot reach together is lowered to what they can. A sum of null may change. */
function reachable(quorum: number, sum: number | null, statement: Statement, reading: Reading): number {
  if (!sum || quorum <= sum) return quorum;
  const message = `the real servers weigh ${sum} together, less than the quorum of ${quorum}`;
  reading.warning(placeOf(statement, 'quorum'), 0, message, `${sum} is taken: write that, or larger weights`);
  return sum;
}
