// Watches a tracked file by reading it: an operator's hand or a program writes a number, the priority follows.
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import type { TrackFileConfig } from '../config/vrrp-config.ts';
import type { Log } from '../log.ts';
import type { TrackReport } from '../protocol.ts';
import { parseValue } from './file.ts';
import type { Tracker } from './tracker.ts';

/** Milliseconds between two looks. */
const LOOK = 500;

/** `known` is what an earlier process reported: then the file had its first content already. */
export function trackFile(
  platform: Platform,
  { name, path, initial }: TrackFileConfig,
  known: TrackReport | null,
  report: (report: TrackReport) => void,
  log: Log,
): Tracker {
  const { files } = platform;
  let timer: Timer | null = null;

  function initialise(): void {
    if (initial === null || (files.exists(path) && (known !== null || !initial.overwrite))) return;
    try {
      files.replace(path, `${initial.value}\n`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.error(`track_file ${name} cannot be made: ${error.message}`);
    }
  }

  /** `up` says whether it could be read. */
  function read(): Pick<TrackReport, 'up' | 'value' | 'reason'> {
    try {
      const value = parseValue(files.readText(path));
      return { up: true, value, reason: `${path} says ${value}` };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return { up: false, value: 0, reason: `${path} cannot be read (${error.code}): counts as 0` };
    }
  }

  function look(): void {
    report({ kind: 'file', name, ...read() });
    timer = platform.after(LOOK, look);
  }

  initialise();
  look();
  return { close: () => timer?.cancel() };
}
