// All console commands, in the order the help lists them.
import { boot } from './boot.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { events } from './events.ts';
import { flash } from './flash.ts';
import { help } from './help.ts';
import { plan } from './plan.ts';
import { print } from './print.ts';
import { reload } from './reload.ts';
import { run } from './run.ts';
import { services } from './services.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { version } from './version.ts';
import { vrrp } from './vrrp.ts';

export function commands(): readonly Command[] {
  return [status, services, vrrp, events, flash, check, print, plan, reload, run, boot, stop, version, help];
}
