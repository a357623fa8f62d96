// Does a board keep time well enough for VRRP at tenths of a second?
import type { Shell } from './shell.ts';

/** Throws when the board's kernel runs without high-resolution timers, where every timer waits for the next tick. */
export async function requireHighResolutionTimers(name: string, shell: Shell): Promise<void> {
  const source = await shell.must('cat /sys/devices/system/clocksource/clocksource0/current_clocksource');
  const active = await shell.run('grep -q "hres_active *: 1" /proc/timer_list');
  if (active.status === 0) return;
  throw new Error(
    `${name}: high-resolution timers are off (clock source ${source.trim()}): VRRP cannot keep its intervals, so this lab shows nothing`,
  );
}
