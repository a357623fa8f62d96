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
export function describeVrrp({ instances }: VrrpStatus): string {
  if (instances.length === 0) return 'no VRRP instance is configured\n';
  return instances.map(describeInstance).join('\n');
}

function describeInstance(instance: VrrpInstanceStatus): string {
  const { counters } = instance;
  const master = instance.master;
  const rows = [
    ['  state', `${instance.state} for ${duration(instance.since)}`],
    ['  interface', `${instance.interface}, virtual router ${instance.virtualRouterId}`],
    ['  priority', `${instance.priority}, version ${instance.version}, every ${instance.advertInterval} ms`],
    ['  addresses', instance.virtualAddresses.join(', ')],
    ['  master', describeMaster(instance.state, master)],
    [
      '  packets',
      `sent ${counters.sent} (${counters.priorityZeroSent} goodbyes), received ${counters.received} (${counters.priorityZeroReceived} goodbyes), discarded ${counters.discarded}`,
    ],
    ['  became master', `${counters.becameMaster} times`],
  ];
  if (instance.trouble !== null) rows.push(['  trouble', instance.trouble]);
  return `${instance.name}\n${table(rows)}`;
}

function describeMaster(state: string, master: VrrpInstanceStatus['master']): string {
  if (state === 'MASTER') return 'this node';
  return master === null ? 'unknown' : `${master.address}, priority ${master.priority}`;
}
