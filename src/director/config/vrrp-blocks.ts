// All blocks about VRRP together, and what they make of each other.
import { checkGarpGroups, garpGroup } from './announcement.ts';
import { checkedFiles } from './checks/finish.ts';
import { runAs } from './command.ts';
import type { VirtualServerConfig } from './config.ts';
import type { Globals } from './global.ts';
import { finishDelays, finishLinkbeat, interfaceDelays, linkbeatInterfaces } from './link-state.ts';
import { scriptUser } from './notify.ts';
import type { Reading } from './reading.ts';
import { finishSyncDaemon, type SyncDaemonLine } from './sync-daemon.ts';
import { checkSyncGroups, finishSyncGroup, membersOf, type SyncGroupDraft, syncGroup } from './sync-group.ts';
import { finishSyncSettings } from './sync-settings.ts';
import { trackFile } from './track-file.ts';
import { trackProcess } from './track-process.ts';
import { checkTrackers, type Trackers } from './track-rules.ts';
import { vrrpScript } from './track-script.ts';
import { deprecated, type Located, type Values } from './vocabulary.ts';
import type {
  SyncGroupConfig,
  TrackScriptConfig,
  TracksConfig,
  VrrpConfig,
  VrrpInstanceConfig,
} from './vrrp-config.ts';
import { NO_VRRP } from './vrrp-defaults.ts';
import { finishInstance, type InstanceDraft, vrrpInstance } from './vrrp-instance.ts';

export const vrrpBlocks = {
  vrrp_instance: vrrpInstance,
  vrrp_sync_group: syncGroup,
  vrrp_script: vrrpScript,
  track_file: trackFile,
  vrrp_track_file: deprecated('track_file'),
  vrrp_track_process: trackProcess,
  garp_group: garpGroup,
  linkbeat_interfaces: linkbeatInterfaces,
  interface_up_down_delays: interfaceDelays,
};

export interface Vrrp {
  readonly vrrp: VrrpConfig;
  readonly instances: readonly Located<VrrpInstanceConfig>[];
  readonly drafts: readonly InstanceDraft[];
}

/** Completes instances and groups. `services` may be tracked. */
export function finishVrrp(
  values: Values<typeof vrrpBlocks>,
  globals: Globals,
  services: readonly Located<VirtualServerConfig>[],
  reading: Reading,
): Vrrp {
  const {
    garp_group: garpGroups = [],
    vrrp_instance: drafts = [],
    vrrp_sync_group: groupDrafts = [],
  } = values;
  checkGarpGroups(garpGroups, reading);
  checkSyncGroups(groupDrafts, new Set(drafts.map(({ name }) => name)), reading);
  const trackers: Trackers = {
    scripts: values.vrrp_script ?? [],
    files: values.track_file ?? [],
    processes: values.vrrp_track_process ?? [],
    services,
  };
  const context = {
    globals,
    garpGroups: garpGroups.map(each => each.value),
    trackers,
    levelMembers: new Set(groupDrafts.filter(isLevel).flatMap(membersOf)),
  };
  const instances = drafts.flatMap(draft => finishInstance(draft, context, reading) ?? []);
  const configs = instances.map(each => each.value);
  const syncGroups = groupDrafts.map(
    draft => finishSyncGroup(draft, configs, trackers, globals, reading).value,
  );
  checkFollowed(trackers, configs, syncGroups, reading);
  const vrrp: VrrpConfig = {
    ...NO_VRRP,
    syncGroups,
    trackers: {
      scripts: trackers.scripts.map(each => withUser(each.value.config, globals)),
      files: trackers.files.map(each => each.value.config),
      processes: trackers.processes.map(each => each.value.config),
    },
    interfaceDelays: finishDelays(values.interface_up_down_delays?.flat() ?? [], configs, reading),
    linkbeatInterfaces: finishLinkbeat(values.linkbeat_interfaces?.flat() ?? [], globals, [
      ...configs.map(each => each.interface),
      ...[...configs, ...syncGroups].flatMap(({ tracks }) => tracks.interfaces.map(({ name }) => name)),
    ]),
    startupDelay: globals.vrrp_startup_delay ?? 0,
    syncDaemon: finishSyncDaemon(globals.lvs_sync_daemon, oldSyncDaemons(drafts), configs, reading),
    syncSettings: finishSyncSettings(globals),
  };
  return { vrrp, instances, drafts };
}

function oldSyncDaemons(drafts: readonly InstanceDraft[]): { instance: string; line: SyncDaemonLine }[] {
  return drafts.flatMap(({ name, values: { lvs_sync_daemon_interface: line } }) =>
    line === undefined ? [] : [{ instance: name, line }],
  );
}

function withUser(script: TrackScriptConfig, globals: Globals): TrackScriptConfig {
  return { ...script, command: runAs(script.command, scriptUser(globals)) };
}

function isLevel({ values }: SyncGroupDraft): boolean {
  return !values.sync_group_tracking_weight;
}

function checkFollowed(
  trackers: Trackers,
  instances: readonly VrrpInstanceConfig[],
  groups: readonly SyncGroupConfig[],
  reading: Reading,
): void {
  const tracks = [...instances, ...groups].map(each => each.tracks);
  const namesOf = (kind: 'scripts' | 'files' | 'processes') =>
    new Set(tracks.flatMap((each: TracksConfig) => each[kind].map(({ name }) => name)));
  checkTrackers('vrrp_script', trackers.scripts, namesOf('scripts'), reading);
  const files = new Set([...namesOf('files'), ...checkedFiles(trackers.services)]);
  checkTrackers('track_file', trackers.files, files, reading);
  checkTrackers('vrrp_track_process', trackers.processes, namesOf('processes'), reading);
}
