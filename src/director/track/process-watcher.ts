// Watches whether enough of the tracked processes run; one look at /proc serves all of them.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { TrackProcessConfig } from '../config/vrrp-config.ts';
import type { TrackReport } from '../protocol.ts';
import { afterLook, matches, NEW_PROCESS, type ProcessState } from './process.ts';
import { ProcessList } from './process-list.ts';
import type { Tracker } from './tracker.ts';

/** Milliseconds between two looks. */
const LOOK = 1000;

/** `known` gives what an earlier process reported of a tracker. */
export function trackProcesses(
  platform: Platform,
  configs: readonly TrackProcessConfig[],
  known: (name: string) => TrackReport | null,
  report: (report: TrackReport) => void,
): Tracker {
  const list = new ProcessList(platform);
  const states = new Map(configs.map(config => [config, stateFrom(known(config.name), config)]));
  let timer: Timer | null = null;

  function look(): void {
    const views = list.read();
    const now = platform.clock.monotonic();
    for (const [config, before] of states) {
      const count = views.filter(view => matches(view, config)).length;
      const state = afterLook(before, count, config, now);
      states.set(config, state);
      if (state.up !== null) say(config, state.up, count);
    }
    timer = platform.after(LOOK, look);
  }

  function say({ name, words, quorum }: TrackProcessConfig, up: boolean, count: number): void {
    const reason = `${count} of ${words.join(' ')} running, ${quorum} needed`;
    report({ kind: 'process', name, up, value: up ? 1 : 0, reason });
  }

  if (configs.length > 0) look();
  return { close: () => timer?.cancel() };
}

function stateFrom(known: TrackReport | null, { quorum }: TrackProcessConfig): ProcessState {
  if (known === null) return NEW_PROCESS;
  return { up: known.up, count: known.up ? quorum : 0, otherSince: null };
}
