// Everything that is tracked for VRRP outside of the vrrp process: scripts, files, processes, services. Knows the last report of each,
// also across a restart of this process, so that nothing falls over because the director looked away for a second.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { TrackReport } from '../protocol.ts';
import type { Commands } from '../system/commands.ts';
import { keep, readKept } from '../system/kept.ts';
import { trackFile } from './file-watcher.ts';
import { trackProcesses } from './process-watcher.ts';
import { trackScript } from './script-runner.ts';
import { trackedBy, trackerId } from './tracked.ts';
import type { Tracker } from './tracker.ts';

export interface Trackers {
  /** Tracks what some instance or sync group of this configuration asks for; what did not change notices nothing. */
  configure(config: Config): void;
  /** What another part found out, whether it counts now or not: how a service is. */
  report(report: TrackReport): void;
  /** The last report of each tracker that counts. */
  readonly reports: readonly TrackReport[];
  close(): void;
}

export interface TrackersOptions {
  readonly commands: Commands;
  readonly log: Log;
  /** The file in which the last reports are kept. */
  readonly path: string;
  /** A tracker says something else than before. */
  onChange(report: TrackReport): void;
}

interface AtWork {
  /** What it was made from: another text needs another one. */
  readonly made: string;
  readonly tracker: Tracker;
}

export function createTrackers(platform: Platform, options: TrackersOptions): Trackers {
  const { commands, log, path, onChange } = options;
  const reports = new Map<string, TrackReport>();
  for (const report of readKept<TrackReport[]>(platform, path) ?? []) reports.set(trackerId(report), report);
  let atWork = new Map<string, AtWork>();
  let tracked = new Set<string>();
  /** What others reported. */
  const foreign = new Map<string, TrackReport>();

  function take(report: TrackReport): void {
    const id = trackerId(report);
    if (!tracked.has(id)) return;
    const before = reports.get(id);
    reports.set(id, report);
    if (before?.up === report.up && before.value === report.value) return;
    onChange(report);
    keep(platform, path, [...reports.values()]);
    // Who measures the heat tells of it in any case.
    if (report.kind === 'heat') return;
    if (report.up) log.info(describe(report));
    else log.warn(describe(report));
  }

  function last(kind: TrackReport['kind'], name: string): TrackReport | null {
    return reports.get(trackerId({ kind, name })) ?? null;
  }

  /** What is to be at work, by id: what it is made from, and how. */
  function plan({ vrrp: { trackers } }: Config): [id: string, from: object, make: () => Tracker][] {
    const isTracked = (kind: TrackReport['kind'], name: string) => tracked.has(trackerId({ kind, name }));
    const processes = trackers.processes.filter(({ name }) => isTracked('process', name));
    return [
      ...trackers.scripts
        .filter(({ name }) => isTracked('script', name))
        .map((script): [string, object, () => Tracker] => [
          `script ${script.name}`,
          script,
          () => trackScript(platform, commands, script, last('script', script.name), take),
        ]),
      ...trackers.files
        .filter(({ name }) => isTracked('file', name))
        .map((file): [string, object, () => Tracker] => [
          `file ${file.name}`,
          file,
          () => trackFile(platform, file, last('file', file.name), take, log),
        ]),
      [
        'processes',
        processes,
        () => trackProcesses(platform, processes, name => last('process', name), take),
      ],
    ];
  }

  return {
    configure(config) {
      tracked = trackedBy(config);
      for (const id of [...reports.keys()]) if (!tracked.has(id)) reports.delete(id);
      const before = atWork;
      atWork = new Map();
      for (const [id, from, make] of plan(config)) {
        const made = JSON.stringify(from);
        const old = before.get(id);
        before.delete(id);
        if (old?.made === made) {
          atWork.set(id, old);
        } else {
          old?.tracker.close();
          atWork.set(id, { made, tracker: make() });
        }
      }
      for (const { tracker } of before.values()) tracker.close();
      for (const report of foreign.values()) take(report);
    },
    report(report) {
      foreign.set(trackerId(report), report);
      take(report);
    },
    get reports() {
      return [...reports.values()];
    },
    close() {
      for (const { tracker } of atWork.values()) tracker.close();
      atWork.clear();
    },
  };
}

function describe({ kind, name, up, reason }: TrackReport): string {
  return kind === 'file' ? `file ${name}: ${reason}` : `${kind} ${name} is ${up ? 'up' : 'down'}: ${reason}`;
}
