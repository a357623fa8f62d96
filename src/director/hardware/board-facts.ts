// What the image says of its board on the kernel's command line (board/<name>/board.json): the root file system is the same for all.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { kernelParameter } from '../flash/disk.ts';
import type { ThermalLimits } from './thermal.ts';

export interface BoardFacts {
  /** `director.board`; null: not started by our boot loader. */
  readonly name: string | null;
  /** `director.limits=WARN,HOT,CRITICAL`; null: nobody knows. */
  readonly limits: ThermalLimits | null;
  /** `director.button=PIN` of the CS5535 or CS5536: its reset button; null: none that can be read. */
  readonly button: number | null;
}

export function readBoardFacts(platform: Platform): BoardFacts {
  const [warn, hot, critical] = (parameter(platform, 'director.limits') ?? '').split(',').map(Number);
  const isLimits =
    warn !== undefined && hot !== undefined && critical !== undefined && warn < hot && hot < critical;
  const button = parameter(platform, 'director.button') ?? '';
  return {
    name: parameter(platform, 'director.board'),
    limits: isLimits ? { warn, hot, critical } : null,
    button: /^\d+$/.test(button) ? Number(button) : null,
  };
}

function parameter(platform: Platform, name: string): string | null {
  try {
    return kernelParameter(platform, name);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
