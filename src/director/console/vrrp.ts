// director vrrp: every VRRP instance, who is master and what was seen.
import type { VrrpInstanceStatus, VrrpStatus } from '../protocol.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { duration, table } from './table.ts';

export const vrrp: Command = {
  name: 'vrrp',
  usage: '',
  summary: 'shows the VRRP instances, who is master and what was seen',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    const answer = (await ask(platform, invocation, 'vrrp')) as VrrpStatus;
    platform.print(invocation.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : describeVrrp(answer));
    return DONE;
  },
};

/** One block for each instance. */
export function describeVrrp({ instances, syncGroups }: VrrpStatus): string {
  if (instances.length === 0) return 'no VRRP instance is configured\n';
  const groups = syncGroups.map(
    ({ name, state, members }) => `sync group ${name}: ${state}, ${members.join(', ')}\n`,
  );
  return [...instances.map(describeInstance), ...groups].join('\n');
}

function describeInstance(instance: VrrpInstanceStatus): string {
  const { counters } = instance;
  const master = instance.master;
  const rows = [
    ['  state', `${instance.state} for ${duration(instance.since)}`],
    ['  interface', `${instance.interface}, virtual router ${instance.virtualRouterId}`],
    [
      '  priority',
      `${describePriority(instance)}, version ${instance.version}, every ${instance.advertInterval} ms`,
    ],
    ['  addresses', instance.virtualAddresses.join(', ')],
    ['  master', describeMaster(instance.state, master)],
    [
      '  packets',
      `sent ${counters.sent} (${counters.priorityZeroSent} goodbyes), received ${counters.received} (${counters.priorityZeroReceived} goodbyes), discarded ${counters.discarded}`,
    ],
    ['  became master', `${counters.becameMaster} times`],
  ];
  for (const { change, reason } of instance.adjustments)
    rows.push(['  adjusted', `${signed(change)}: ${reason}`]);
  for (const fault of instance.faults) rows.push(['  fault', fault]);
  if (instance.duplicate !== null) {
    const { address, priority, cause } = instance.duplicate;
    rows.push(['  ALARM', `second master ${address}, priority ${priority}: ${cause}`]);
  }
  if (instance.trouble !== null) rows.push(['  trouble', instance.trouble]);
  return `${instance.name}\n${table(rows)}`;
}

function describePriority({ priority, configuredPriority }: VrrpInstanceStatus): string {
  return priority === configuredPriority ? `${priority}` : `${priority} (configured ${configuredPriority})`;
}

function signed(change: number): string {
  return change > 0 ? `+${change}` : `${change}`;
}

function describeMaster(state: string, master: VrrpInstanceStatus['master']): string {
  if (state === 'MASTER') return 'this node';
  return master === null ? 'unknown' : `${master.address}, priority ${master.priority}`;
}
