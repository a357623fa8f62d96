// director status: the whole director on one screen.
import type { DirectorStatus, RoleStatus } from '../control/status.ts';
import { describeBudget } from '../flash/budget.ts';
import type { CheckerStatus, VrrpStatus } from '../protocol.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { countStates } from './services.ts';
import { duration, table } from './table.ts';

/** As many VRRP instances are named; more are counted. */
const FEW = 8;

export const status: Command = {
  name: 'status',
  usage: '',
  summary: 'shows the whole director on one screen',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    const answer = (await ask(platform, invocation, 'status')) as DirectorStatus;
    platform.print(
      invocation.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : describeStatus(answer),
    );
    return DONE;
  },
};

/** The screen. */
export function describeStatus(status: DirectorStatus): string {
  const { network, filter, kernel, tuning } = status.repairs;
  const head = table([
    ['director', `${status.release}, up ${duration(status.uptime)}`],
    ['config', describeConfig(status)],
    ['vrrp', describeInstances(status.vrrp)],
    ['services', describeServices(status.checker)],
    ...(status.telemetry?.budget ? [['card', describeBudget(status.telemetry.budget)]] : []),
    ...(status.heat === null
      ? []
      : [['heat', `${status.heat.level}, ${status.heat.sensor} at ${status.heat.celsius} C`]]),
    [
      'repairs',
      `table ${status.checker?.repairs ?? 0}, network ${network}, filter ${filter}, kernel settings ${kernel}, tuning ${tuning}`,
    ],
  ]);
  const roles = table([['ROLE', 'PID', 'SINCE', 'RESTARTS', 'LAST END'], ...status.roles.map(describeRole)]);
  const troubles = status.troubles.map(trouble => `  ${trouble}\n`).join('');
  const notes = status.notes.map(note => `  ${note}\n`).join('');
  return `${head}\n${roles}\n${troubles === '' ? 'no trouble\n' : `TROUBLE\n${troubles}`}${notes && `\nNOTES\n${notes}`}`;
}

function describeConfig({ configFile, configAge }: DirectorStatus): string {
  return configAge === null
    ? `${configFile}, not in force yet`
    : `${configFile}, in force for ${duration(configAge)}`;
}

function describeRole({ role, pid, since, restarts, lastEnd }: RoleStatus): string[] {
  return [role, pid === null ? 'down' : String(pid), duration(since), String(restarts), lastEnd ?? '-'];
}

function describeInstances(vrrp: VrrpStatus | null): string {
  if (vrrp === null) return 'does not answer';
  const { instances } = vrrp;
  if (instances.length <= FEW) {
    return instances.map(({ name, state }) => `${name} ${state}`).join(', ') || 'no instance';
  }
  const counts = new Map<string, number>();
  for (const { state } of instances) counts.set(state, (counts.get(state) ?? 0) + 1);
  return `${instances.length} instances: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

function describeServices(checker: CheckerStatus | null): string {
  if (checker === null) return 'the checker does not answer';
  const servers = checker.services.flatMap(service => service.realServers);
  const lost = checker.services.filter(({ quorum }) => quorum?.up === false).length;
  const quorum = lost === 0 ? '' : `, ${lost} WITHOUT QUORUM`;
  return `${checker.services.length} configured${quorum}; real servers: ${countStates(servers)}`;
}
