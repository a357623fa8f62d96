// What VRRP does where a configuration says nothing, in the terms of vrrp-config.ts. keepalived's defaults unless a comment says why not.
import type {
  AnnouncementConfig,
  NotifyConfig,
  TracksConfig,
  VrrpConfig,
  VrrpInstanceConfig,
} from './vrrp-config.ts';

export const NO_NOTIFICATIONS: NotifyConfig = {
  master: null,
  backup: null,
  fault: null,
  stop: null,
  deleted: null,
  tellsDeleted: false,
  masterReceivesLower: null,
  any: null,
  priorityChanges: false,
  mail: false,
};

export const NO_TRACKS: TracksConfig = {
  interfaces: [],
  scripts: [],
  files: [],
  processes: [],
  services: [],
};

export const DEFAULT_ANNOUNCEMENTS: AnnouncementConfig = {
  delay: 5000,
  repeat: 5,
  refresh: 0,
  refreshRepeat: 1,
  lowerPriorityDelay: 5000,
  lowerPriorityRepeat: 5,
  arpInterval: 0,
  naInterval: 0,
  extraRefresh: 0,
};

export const NO_VRRP: VrrpConfig = {
  syncGroups: [],
  trackers: { scripts: [], files: [], processes: [] },
  interfaceDelays: [],
  startupDelay: 0,
  fifos: [],
  mail: null,
  syncDaemon: null,
  syncSettings: [],
  linkbeatInterfaces: [],
};

export const MULTICAST_GROUP = { 4: '224.0.0.18', 6: 'ff02::12' } as const;

/** What an instance is unless told otherwise: all that has a default. */
export const INSTANCE_DEFAULTS = {
  initialState: 'BACKUP',
  priority: 100,
  advertInterval: 1000,
  excludedAddresses: [],
  virtualRoutes: [],
  virtualRules: [],
  preempt: true,
  preemptDelay: 0,
  accept: true,
  sourceAddress: null,
  tracksSourceAddress: false,
  unicast: null,
  virtualMac: null,
  checksum: 'auto',
  authentication: { kind: 'none' },
  tracksInterface: true,
  linkbeat: false,
  tracks: NO_TRACKS,
  announcements: DEFAULT_ANNOUNCEMENTS,
  answersLowerPriority: true,
  answersHigherPriority: false,
  downTimerAdverts: 3,
  ownerIgnoresAdverts: false,
  strict: false,
  notify: NO_NOTIFICATIONS,
} as const satisfies Partial<VrrpInstanceConfig>;
