// An instance on a bench: steps it by hand through time and remembers what it wanted done.

import { DEFAULT_ANNOUNCEMENTS } from '../../src/director/config/vrrp-defaults.ts';
import { OUR_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import {
  type InstanceEffect,
  type InstanceEvent,
  type InstanceSettings,
  type InstanceState,
  newInstance,
  nextTimer,
  step,
} from '../../src/director/vrrp/instance.ts';
import type { Malformation, ReceivedAdvertisement } from '../../src/director/vrrp/packet.ts';
import { concat, ip, VRRP_GROUP } from './bytes.ts';

export const OWN = ip('10.99.0.2');
export const LOWER = ip('10.99.0.1');
export const HIGHER = ip('10.99.0.3');
export const VIP = ip('10.99.0.100');

/** Version 3, priority 100, an advertisement every 100 ms. */
export const SETTINGS: InstanceSettings = {
  version: 3,
  family: 4,
  virtualRouterId: 51,
  priority: 100,
  advertInterval: 100,
  preempt: true,
  preemptDelay: 0,
  addresses: [VIP],
  unicast: null,
  destinations: [VRRP_GROUP],
  checksum: 'auto',
  authentication: { kind: 'none' },
  announcements: DEFAULT_ANNOUNCEMENTS,
  answersLowerPriority: true,
  answersHigherPriority: false,
  downTimerAdverts: 3,
  ownerIgnoresAdverts: false,
  synced: false,
  deviations: OUR_DEVIATIONS,
};

/** The down interval of these settings: 3 * 100 + (256 - 100) * 100 / 256. */
export const DOWN = 360.9375;

export class Bench {
  now = 1000;
  state: InstanceState;
  effects: readonly InstanceEffect[] = [];

  constructor(settings: Partial<InstanceSettings> = {}, address: Uint8Array | null = OWN) {
    this.state = newInstance({ ...SETTINGS, ...settings }, { up: true, address }, this.now);
  }

  /** What one event wants done, without the reports. */
  send(event: InstanceEvent): string[] {
    const result = step(this.state, event, this.now);
    this.state = result.state;
    this.effects = result.effects;
    return this.effects.flatMap(effect => {
      if (effect.kind === 'report') return [];
      if (effect.kind === 'advertise') return [`advertise ${effect.priority}`];
      return [effect.kind];
    });
  }

  reports(): string[] {
    return this.effects.flatMap(effect => (effect.kind === 'report' ? [effect.text] : []));
  }

  alarms(): string[] {
    return this.effects.flatMap(effect => (effect.kind === 'alarm' ? [effect.text] : []));
  }

  start(): string[] {
    return this.send({ kind: 'start' });
  }

  /** Lets `milliseconds` pass with every timer on time; what was wanted, each with its moment from now. */
  pass(milliseconds: number): string[] {
    const begin = this.now;
    const wanted: string[] = [];
    for (
      let due = nextTimer(this.state);
      due !== null && due <= begin + milliseconds;
      due = nextTimer(this.state)
    ) {
      this.now = due;
      for (const what of this.send({ kind: 'timer' })) wanted.push(`${due - begin}: ${what}`);
    }
    this.now = begin + milliseconds;
    return wanted;
  }

  hear(priority: number, sender: Uint8Array, other: Partial<ReceivedAdvertisement> = {}): string[] {
    const { version, virtualRouterId, advertInterval, addresses } = this.state.settings;
    const advertisement: ReceivedAdvertisement = {
      version,
      virtualRouterId,
      priority,
      interval: advertInterval,
      addresses: concat(addresses),
      checksumForm: 'pseudo-header',
      ...other,
    };
    return this.send({ kind: 'advertisement', advertisement, sender, signature: null });
  }

  malformed(malformation: Malformation, sender: Uint8Array, priority = 100, interval = 0): string[] {
    return this.send({ kind: 'malformed', malformation, sender, priority, interval });
  }
}

/** A bench whose instance has become master by silence. */
export function master(settings: Partial<InstanceSettings> = {}): Bench {
  const bench = new Bench(settings);
  bench.start();
  while (bench.state.phase !== 'MASTER') bench.pass(10);
  return bench;
}

export function backup(settings: Partial<InstanceSettings> = {}): Bench {
  const bench = new Bench(settings);
  bench.start();
  return bench;
}
