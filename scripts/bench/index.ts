// All benchmarks that `npm run bench` knows.
import { benchmark as apply } from './apply.ts';
import { benchmark as boot } from './boot.ts';
import { benchmark as checks } from './checks.ts';
import { benchmark as failover } from './failover.ts';
import { benchmark as footprint } from './footprint.ts';
import { benchmark as forwarding } from './forwarding.ts';
import { benchmark as jitter } from './jitter.ts';
import { benchmark as powerCuts } from './power-cuts.ts';
import { benchmark as quietCard } from './quiet-card.ts';
import type { Benchmark } from './result.ts';
import { benchmark as vrrpMemory } from './vrrp-memory.ts';

export const benchmarks: readonly Benchmark[] = [
  boot,
  apply,
  failover,
  vrrpMemory,
  jitter,
  checks,
  forwarding,
  footprint,
  powerCuts,
  quietCard,
];
