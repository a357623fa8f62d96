// The two trackers that every simulated director may have: one that changes its priority and one that puts it into FAULT.
import type { TracksConfig } from '../../src/director/config/vrrp-config.ts';
import { NO_TRACKS } from '../../src/director/config/vrrp-defaults.ts';
import type { TrackReport } from '../../src/director/protocol.ts';

export const LOAD = 'load';
export const HEALTH = 'health';

/** What the trackers say: true is up. */
export type Verdicts = Readonly<Record<typeof LOAD | typeof HEALTH, boolean>>;

export const ALL_UP: Verdicts = { [LOAD]: true, [HEALTH]: true };

/** `weight`: what `load` changes the priority by; -253..253, not 0. */
export function tracks(weight: number): TracksConfig {
  return {
    ...NO_TRACKS,
    scripts: [
      { name: LOAD, weight, reverse: false },
      { name: HEALTH, weight: null, reverse: false },
    ],
  };
}

export function reports(verdicts: Verdicts): TrackReport[] {
  return [LOAD, HEALTH].map(name => {
    const up = verdicts[name as keyof Verdicts];
    return { kind: 'script', name, up, value: Number(up), reason: up ? 'up' : 'down' };
  });
}
