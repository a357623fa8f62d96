// director vrrp: every VRRP instance, who is master and what was seen.
import type { DuplicateMaster, VrrpInstanceStatus, VrrpStatus } from '../protocol.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { duration, table } from './table.ts';

/** As many instances are shown one by one; of more there is a table. */
const FEW = 8;

export const vrrp: Command = {
  name: 'vrrp',
  usage: '[INSTANCE]',
  summary: 'shows the VRRP instances, who is master and what was seen',
  operands: { least: 0, most: 1 },
  async run(platform, invocation) {
    const [name = null] = invocation.operands;
    const answer = (await ask(platform, invocation, 'vrrp')) as VrrpStatus;
    const shown = name === null ? answer : oneOf(answer, name);
    platform.print(invocation.json ? `${JSON.stringify({ version: 1, ...shown })}\n` : describeVrrp(shown));
    return DONE;
  },
};

/** An instance and the sync group it is in. Throws an Error when there is none of that name. */
export function oneOf({ instances, syncGroups }: VrrpStatus, name: string): VrrpStatus {
  const instance = instances.find(each => each.name === name);
  if (instance === undefined) throw new Error(`there is no VRRP instance ${name}`);
  return { instances: [instance], syncGroups: syncGroups.filter(({ members }) => members.includes(name)) };
}

/** One block for each instance, or a table of them with what is wrong below. */
export function describeVrrp({ instances, syncGroups }: VrrpStatus): string {
  if (instances.length === 0) return 'no VRRP instance is configured\n';
  const groups = syncGroups.map(
    ({ name, state, members }) => `sync group ${name}: ${state}, ${members.join(', ')}\n`,
  );
  const blocks = instances.length > FEW ? overview(instances) : instances.map(describeInstance);
  return [...blocks, ...groups].join('\n');
}

function overview(instances: readonly VrrpInstanceStatus[]): string[] {
  const rows = instances.map(each => [
    each.name,
    each.state,
    duration(each.since),
    `${each.interface} ${each.virtualRouterId}`,
    describePriority(each),
    describeMaster(each.state, each.master),
  ]);
  const head = ['INSTANCE', 'STATE', 'SINCE', 'GROUP', 'PRIORITY', 'MASTER'];
  const wrong = instances.flatMap(each => wrongsOf(each).map(([what, why]) => [`  ${each.name}`, what, why]));
  return [
    table([head, ...rows]),
    ...(wrong.length > 0 ? [`TROUBLE\n${table(wrong)}`] : []),
    'director vrrp INSTANCE shows all of one\n',
  ];
}

/** What is wrong with an instance: of which kind, and in words. */
function wrongsOf({ faults, duplicate, trouble }: VrrpInstanceStatus): (readonly [string, string])[] {
  return [
    ...faults.map(fault => ['fault', fault] as const),
    ...(duplicate === null ? [] : [['ALARM', describeDuplicate(duplicate)] as const]),
    ...(trouble === null ? [] : [['trouble', trouble] as const]),
  ];
}

function describeDuplicate({ address, priority, cause }: DuplicateMaster): string {
  return `second master ${address}, priority ${priority}: ${cause}`;
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
  for (const [what, why] of wrongsOf(instance)) rows.push([`  ${what}`, why]);
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
