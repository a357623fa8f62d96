// Runs one tracked script again and again, on its beat, never twice at once.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { TrackScriptConfig } from '../config/vrrp-config.ts';
import type { TrackReport } from '../protocol.ts';
import type { CommandEnd, Commands } from '../system/commands.ts';
import { afterRun, newScript } from './script.ts';
import type { Tracker } from './tracker.ts';

/** `known` is the last verdict of an earlier process. */
export function trackScript(
  platform: Platform,
  commands: Commands,
  config: TrackScriptConfig,
  known: TrackReport | null,
  report: (report: TrackReport) => void,
): Tracker {
  const { name, command, interval, timeout } = config;
  let state = known === null ? newScript(config) : { up: known.up, against: 0 };
  let timer: Timer | null = null;
  let stop = () => {};
  let closed = false;

  function say(up: boolean, reason: string): void {
    report({ kind: 'script', name, up, value: up ? 1 : 0, reason });
  }

  function run(): void {
    const started = platform.clock.monotonic();
    stop = commands.start(command, {
      timeout,
      done(end) {
        if (closed) return;
        state = afterRun(state, end.status === 0, config);
        if (state.up !== null) say(state.up, words(end, state.against));
        timer = platform.after(Math.max(0, started + interval - platform.clock.monotonic()), run);
      },
    });
  }

  if (known === null && state.up !== null) say(state.up, 'not run yet');
  run();
  return {
    close() {
      closed = true;
      timer?.cancel();
      stop();
    },
  };
}

function words({ reason }: CommandEnd, against: number): string {
  return against === 0 ? reason : `${reason}, ${against} in a row`;
}
