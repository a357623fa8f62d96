// All benchmarks that `npm run bench` knows.
import { benchmark as boot } from './boot.ts';
import { benchmark as failover } from './failover.ts';
import type { Benchmark } from './result.ts';

export const benchmarks: readonly Benchmark[] = [boot, failover];
