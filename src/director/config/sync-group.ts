// `vrrp_sync_group NAME { }`: instances that are master together or not at all.
import type { Globals } from './global.ts';
import { finishNotify, notifyKeywords } from './notify.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import { trackKeywords } from './track.ts';
import { resolveTracks, type Trackers } from './track-rules.ts';
import type { Statement } from './tree.ts';
import { block, deprecated, flag, type Keyword, type Located, oneName, type Values } from './vocabulary.ts';
import type { SyncGroupConfig, VrrpInstanceConfig } from './vrrp-config.ts';

/** A name of an instance, with the line it stands in. */
interface Member {
  readonly name: string;
  readonly word: number;
  readonly statement: Statement;
}

/** Names, on one line or several. */
const group: Keyword<Member[], 'all'> = {
  usage: '{ INSTANCE ... }',
  help: 'Names of the instances.',
  example: 'group { VI_1 VI_2 }',
  repeat: 'all',
  defaultText: null,
  fields: null,
  read: (statement, reading) =>
    reading
      .blockOf(statement)
      .flatMap(line => line.words.map((name, word) => ({ name, word, statement: line }))),
};

const keywords = () => ({
  group,
  ...trackKeywords(),
  ...notifyKeywords(),
  sync_group_tracking_weight: flag({
    help: 'Weights of what the members and the group track change the priority of all members alike.',
    example: 'sync_group_tracking_weight',
  }),
  global_tracking: deprecated('sync_group_tracking_weight'),
});

/** A group with all but what others further down say. */
export interface SyncGroupDraft {
  readonly name: string;
  readonly values: Values<ReturnType<typeof keywords>>;
  readonly statement: Statement;
}

export const syncGroup = block({
  usage: 'NAME { ... }',
  help: 'Instances that are master together or not at all.',
  example: 'vrrp_sync_group VG_1 { ... }',
  keywords,
  header: oneName,
  finish: (name, values, statement): SyncGroupDraft => ({ name, values, statement }),
});

/** Names of the members, in their order. */
export function membersOf({ values }: SyncGroupDraft): string[] {
  return [...new Set(values.group?.flat().map(member => member.name))];
}

export function finishSyncGroup(
  draft: SyncGroupDraft,
  instances: readonly VrrpInstanceConfig[],
  trackers: Trackers,
  globals: Globals,
  reading: Reading,
): Located<SyncGroupConfig> {
  const { name, values, statement } = draft;
  if (lacks(statement, 'group')) {
    reading.error(statement, 0, `vrrp_sync_group ${name} has no group`, `add, for example: ${group.example}`);
  }
  const members = membersOf(draft);
  if (members.length < 2 && !lacks(statement, 'group')) {
    const advice = 'list the instances that are to change together';
    const place = placeOf(statement, 'group');
    if (members.length === 0) reading.error(place, 0, 'no instance is listed', advice);
    else reading.warning(place, 0, `${members[0]} is alone in vrrp_sync_group ${name}`, advice);
  }
  checkPriorities(members, instances, statement, reading);
  const config: SyncGroupConfig = {
    name,
    members,
    tracks: resolveTracks(values, trackers, { priority: null, isLevel: false }, reading),
    trackingWeight: values.sync_group_tracking_weight === true,
    notify: finishNotify(values, globals),
  };
  return { value: config, statement };
}

/** Two masters would elect each other in turn where one member is stronger here and another there. */
function checkPriorities(
  members: readonly string[],
  instances: readonly VrrpInstanceConfig[],
  statement: Statement,
  reading: Reading,
): void {
  const own = members.flatMap(name => instances.find(each => each.name === name) ?? []);
  const [first] = own;
  const other = own.find(each => each.priority !== first?.priority);
  if (first === undefined || other === undefined) return;
  const message = `priority ${first.priority} of ${first.name} and ${other.priority} of ${other.name} differ`;
  reading.warning(placeOf(statement, 'group'), 0, message, 'give all instances of a group the same priority');
}

/** Every member exists and is in one group; names of groups are unique. */
export function checkSyncGroups(
  drafts: readonly SyncGroupDraft[],
  instances: ReadonlySet<string>,
  reading: Reading,
): void {
  const names = new Set<string>();
  const groups = new Map<string, string>();
  for (const { name, values, statement } of drafts) {
    if (names.has(name)) {
      reading.error(
        statement,
        1,
        `vrrp_sync_group ${name} is here a second time`,
        'give it a name of its own',
      );
    }
    names.add(name);
    for (const { name: member, word, statement: line } of values.group?.flat() ?? []) {
      const other = groups.get(member);
      if (!instances.has(member)) {
        const known = [...instances].slice(0, 10).join(', ');
        const advice = known === '' ? 'add it' : `there are ${known}`;
        reading.error(line, word, `there is no vrrp_instance ${member}`, advice);
      } else if (other === name) {
        reading.warning(line, word, `${member} is listed twice`, 'delete one of them');
      } else if (other !== undefined) {
        reading.error(line, word, `${member} is in vrrp_sync_group ${other} already`, 'delete one of them');
      }
      if (other === undefined) groups.set(member, name);
    }
  }
}
