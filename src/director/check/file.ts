// FILE_CHECK: a number in a file says how the server is, or changes its weight.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { parseValue } from '../track/file.ts';
import type { CheckResult } from './state.ts';

type FileCheck = Extract<CheckConfig, { kind: 'FILE_CHECK' }>;

/** With the weight that a number can add: more than any real server has, so that nothing overflows. */
const LARGEST_CHANGE = 65_535;

/**
 * Reads files; one that its configuration wants to be made is made when it is first looked at. `isRestarted`: an earlier process did that
 * already, and what stands there now is somebody's.
 */
export function createFileProbe(
  platform: Platform,
  isRestarted: () => boolean,
): (check: FileCheck, done: (result: CheckResult) => void) => Cancel {
  const { files } = platform;
  const made = new Set<string>();

  function make({ path, initial }: FileCheck): void {
    if (initial === null || made.has(path)) return;
    made.add(path);
    if (files.exists(path) && (!initial.overwrite || isRestarted())) return;
    files.replace(path, `${initial.value}\n`);
  }

  function read(check: FileCheck): CheckResult {
    try {
      make(check);
      return judgeValue(parseValue(files.readText(check.path)), check);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // As keepalived has it: a file that is not there says 0.
      const result = judgeValue(0, check);
      return { ...result, reason: `${check.path} cannot be read (${error.code}): counts as 0` };
    }
  }

  return (check, done) => {
    let open = true;
    platform.soon(() => {
      if (open) done(read(check));
    });
    return () => {
      open = false;
    };
  };
}

/** Without a weight another number than 0 means down, `reverse` the other way round. */
export function judgeValue(value: number, { path, weight, reverse }: FileCheck): CheckResult {
  const reason = `${path} says ${value}`;
  if (weight === 0) return { ok: (value === 0) !== reverse, reason, weight: 0 };
  const change = value * weight * (reverse ? -1 : 1);
  return { ok: true, reason, weight: Math.max(-LARGEST_CHANGE, Math.min(LARGEST_CHANGE, change)) };
}
