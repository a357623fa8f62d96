// Reads the TAP that ava prints, line by line: counts results, keeps what explains a failure.

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface TapReader {
  readonly counts: Counts;
  /** Titles of skipped tests; by custom the reason stands in them. */
  readonly skipped: string[];
  /** Takes one line; returns true when it belongs to a failure and should be shown. */
  line(text: string): boolean;
}

/** A reader for one run of `ava --tap`. A test marked as to do counts as skipped. */
export function tapReader(): TapReader {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const skipped: string[] = [];
  let failing = false;
  return {
    counts,
    skipped,
    line(text) {
      const result = /^(not )?ok \d+ - (.*?)( # (?:SKIP|TODO))?$/.exec(text);
      if (result) {
        const [, not, title = '', directive] = result;
        failing = not !== undefined && directive === undefined;
        if (directive !== undefined) {
          counts.skipped++;
          skipped.push(title);
        } else if (failing) counts.failed++;
        else counts.passed++;
        return failing;
      }
      // Diagnostics are indented or comments; the closing plan and totals are not part of any test.
      if (/^\d+\.\.\d+$/.test(text)) failing = false;
      return failing && text !== '';
    },
  };
}

/** The closing line: `3 passed, 1 failed, 2 skipped`. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
