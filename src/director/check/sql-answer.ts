// What the first value of the first row comes to.
import type { QueryConfig } from '../config/config.ts';
import { quoted } from './quoted.ts';
import type { CheckResult } from './state.ts';

/** `value` is null for NULL, and for a row without columns. */
export function judgeValue(value: Uint8Array | null, { answer }: QueryConfig): CheckResult {
  if (answer === null) return { ok: true, reason: 'the query gives a row' };
  const expected = new TextEncoder().encode(answer);
  const isSame = value?.length === expected.length && expected.every((byte, at) => byte === value[at]);
  if (isSame) return { ok: true, reason: 'the query gives what is expected' };
  const instead = value === null ? 'NULL' : quoted(String.fromCharCode(...value.subarray(0, 100)));
  return { ok: false, reason: `the query gives ${instead}` };
}
