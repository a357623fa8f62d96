// What the control process answers to `status`: the whole director on one page.
import type { HeatSummary } from '../hardware/heat.ts';
import type { CheckerStatus, Role, TelemetryStatus, VrrpInstanceStatus, VrrpStatus } from '../protocol.ts';
import type { ChildReport } from '../supervisor/report.ts';
import { VERSION } from '../version.ts';
import type { Attendants } from './attendants.ts';
import type { CardGuard } from './card-guard.ts';
import type { Commits } from './commits.ts';
import type { Hardware } from './hardware.ts';
import type { Machine } from './machine.ts';
import type { RoleLink } from './role-link.ts';

export interface RoleStatus {
  readonly role: Role;
  /** Null while it is not running. */
  readonly pid: number | null;
  /** Milliseconds since it was started. */
  readonly since: number;
  readonly restarts: number;
  /** How it last ended, in words; null when it never did. */
  readonly lastEnd: string | null;
}

export interface DirectorStatus {
  readonly release: string;
  /** Milliseconds since the director was started. */
  readonly uptime: number;
  readonly configFile: string;
  /** Milliseconds since the running configuration was put in force; null before that. */
  readonly configAge: number | null;
  readonly roles: readonly RoleStatus[];
  /** Null: the role does not answer. */
  readonly vrrp: VrrpStatus | null;
  readonly checker: CheckerStatus | null;
  readonly telemetry: TelemetryStatus | null;
  /** What somebody else had changed and the control process put right, since it was started. */
  readonly repairs: Machine['repairs'];
  /** Of the board; null: no temperature is known. */
  readonly heat: HeatSummary | null;
  /** What is wrong now, in words. */
  readonly troubles: readonly string[];
  /** What this machine cannot do, or not before the next boot. */
  readonly notes: readonly string[];
}

export interface StatusSources {
  readonly children: readonly ChildReport[];
  readonly watchdogTrouble: string | null;
  readonly configFile: string;
  readonly configSince: number | null;
  readonly vrrp: RoleLink;
  readonly checker: RoleLink;
  readonly telemetry: RoleLink;
  readonly machine: Machine;
  readonly attendants: Attendants;
  readonly commits: Pick<Commits, 'trouble'>;
  readonly card: Pick<CardGuard, 'troubles'>;
  /** Null: this machine is not the director's own. */
  readonly hardware: Pick<Hardware, 'heat' | 'troubles'> | null;
  /** Monotonic milliseconds. */
  now(): number;
}

/** A second master first: with two of them the addresses serve nobody. */
function troublesOf({ name, duplicate, faults, trouble }: VrrpInstanceStatus): string[] {
  return [
    ...(duplicate === null
      ? []
      : [
          `${name}: ALARM: second master ${duplicate.address}, priority ${duplicate.priority}: ${duplicate.cause}`,
        ]),
    ...faults.map(fault => `${name}: FAULT: ${fault}`),
    ...(trouble === null ? [] : [`${name}: ${trouble}`]),
  ];
}

/** Asks the other roles and puts it all together. */
export async function collectStatus(sources: StatusSources): Promise<DirectorStatus> {
  const { children, configSince, vrrp, checker, telemetry, machine } = sources;
  const answers = [vrrp, checker, telemetry].map(link => link.ask('status').catch(() => null));
  const [vrrpAnswer, checkerAnswer, telemetryAnswer] = await Promise.all(answers);
  const now = sources.now();
  const age = (moment: number) => Math.max(0, Math.round(now - moment));
  const vrrpStatus = (vrrpAnswer ?? null) as VrrpStatus | null;
  const checkerStatus = (checkerAnswer ?? null) as CheckerStatus | null;
  const telemetryStatus = (telemetryAnswer ?? null) as TelemetryStatus | null;
  const troubles = [
    vrrp.trouble,
    checker.trouble,
    telemetry.trouble,
    ...(telemetryStatus?.troubles ?? []),
    checkerStatus?.trouble ? `IPVS: ${checkerStatus.trouble}` : null,
    ...(vrrpStatus?.instances ?? []).flatMap(troublesOf),
    ...sources.card.troubles,
    ...machine.troubles,
    ...sources.attendants.troubles,
    ...(sources.hardware?.troubles ?? []),
    sources.watchdogTrouble,
    ...(sources.commits.trouble === null ? [] : [sources.commits.trouble]),
  ];
  return {
    release: VERSION,
    uptime: Math.max(0, ...children.map(({ startedAt }) => age(startedAt))),
    configFile: sources.configFile,
    configAge: configSince === null ? null : age(configSince),
    roles: children.map(({ startedAt, ...child }) => ({ ...child, since: age(startedAt) })),
    vrrp: vrrpStatus,
    checker: checkerStatus,
    telemetry: telemetryStatus,
    repairs: machine.repairs,
    heat: sources.hardware?.heat ?? null,
    troubles: troubles.filter(trouble => trouble !== null),
    notes: machine.notes,
  };
}
