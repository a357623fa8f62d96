// All console commands, in the order the help lists them.
import { apply } from './apply.ts';
import { boot } from './boot.ts';
import { capacity } from './capacity.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { commit } from './commit.ts';
import { confirm } from './confirm.ts';
import { drain } from './drain.ts';
import { events } from './events.ts';
import { flash } from './flash.ts';
import { hardware } from './hardware.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { orders } from './order.ts';
import { plan } from './plan.ts';
import { print } from './print.ts';
import { realserver } from './realserver.ts';
import { reload } from './reload.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { services } from './services.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { thermal } from './thermal.ts';
import { version } from './version.ts';
import { vrrp } from './vrrp.ts';

export function commands(): readonly Command[] {
  return [
    status,
    services,
    vrrp,
    events,
    drain,
    ...orders,
    realserver,
    flash,
    thermal,
    hardware,
    capacity,
    check,
    print,
    plan,
    apply,
    reload,
    commit,
    confirm,
    history,
    rollback,
    run,
    boot,
    stop,
    version,
    help,
  ];
}
