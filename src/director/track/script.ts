// The verdict on a tracked script: pure functions of what its runs said, as keepalived counts them.
import type { TrackScriptConfig } from '../config/vrrp-config.ts';

export interface ScriptState {
  /** Null: no run has ended yet. */
  readonly up: boolean | null;
  /** Runs in a row that said otherwise. */
  readonly against: number;
}

/** Before the first run. With `init_fail` a script is down until it has succeeded often enough. */
export function newScript({ initFail }: Pick<TrackScriptConfig, 'initFail'>): ScriptState {
  return { up: initFail ? false : null, against: 0 };
}

/** What a run that succeeded or failed makes of it. The first one decides alone. */
export function afterRun(
  { up, against }: ScriptState,
  succeeded: boolean,
  { rise, fall }: Pick<TrackScriptConfig, 'rise' | 'fall'>,
): ScriptState {
  if (up === null || up === succeeded) return { up: succeeded, against: 0 };
  const enough = against + 1 >= (succeeded ? rise : fall);
  return enough ? { up: succeeded, against: 0 } : { up, against: against + 1 };
}
