// The test suites: which files each has, how long a test in it may be silent, and what has to be built before it runs.
import { globSync } from 'node:fs';

export type SuiteName = 'unit' | 'simulation' | 'host' | 'lab';

export interface Suite {
  readonly name: SuiteName;
  /** Options for ava. */
  readonly options: readonly string[];
  /** Arguments of the image build that must have succeeded; null when the suite needs no build. */
  readonly needs: readonly string[] | null;
  /** Runs in private namespaces, whose end cleans up whatever the tests left behind. */
  readonly inside: boolean;
}

/** In the order they run: quick ones first, so that a plain mistake shows early. */
export const suites: readonly Suite[] = [
  { name: 'unit', options: [], needs: null, inside: false },
  { name: 'simulation', options: ['--timeout=10m'], needs: null, inside: false },
  // Both of these share the machine with real processes under real timers: one file at a time.
  {
    name: 'host',
    options: ['--timeout=5m', '--concurrency=1', '--serial'],
    needs: ['net4801'],
    inside: true,
  },
  { name: 'lab', options: ['--timeout=15m', '--concurrency=1', '--serial'], needs: ['all'], inside: true },
];

/** The suite a test file belongs to, by its folder below test/. */
export function suiteOf(file: string): SuiteName {
  const folder = /^test\/(simulation|host|lab)\//.exec(file)?.[1];
  return folder === 'simulation' || folder === 'host' || folder === 'lab' ? folder : 'unit';
}

/** All test files of a suite below `root`, sorted. */
export function suiteFiles(root: string, name: SuiteName): string[] {
  return globSync('test/**/*.test.ts', { cwd: root })
    .filter(file => suiteOf(file) === name)
    .sort();
}
