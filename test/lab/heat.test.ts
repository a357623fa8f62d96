// Heat of the master makes the cooler director take over; the LEDs say so; the wish of the reset button is asked about at the next
// boot. QEMU has none of the boards' chips: trees of files in memory are laid over sysfs, and the wish is written by hand. What is
// shown is all that follows from them, in the image as it is flashed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { nameIn, newCard, powerOnCommitting, relogin, storedOn } from '../../scripts/lab/committing.ts';
import type { Director } from '../../scripts/lab/lab.ts';
import type { RunningReport } from '../../src/director/console/flash-report.ts';
import type { ThermalStatus } from '../../src/director/control/hardware.ts';
import type { DirectorStatus } from '../../src/director/control/status.ts';
import type { VrrpStatus } from '../../src/director/protocol.ts';
import { ask, first, images, logs, second, untilMaster, useLab } from './lab.ts';

const HEAT = 'thermal { warn 60 hot 70 critical 80 weight -60 hold 5 }';
const SENSORS = '/sys/class/hwmon';
const LEDS = '/sys/class/leds';
const BOOT = 300_000;

const lab = useLab(test, { more: `\n${HEAT.replaceAll(/ (?=[a-z}])/g, '\n')}\n` });

test.before('both boards have an LM86 and three LEDs', async () => {
  await untilMaster(first(lab()));
  for (const { shell } of lab().directors) {
    await shell.must(`mount -t tmpfs none ${SENSORS} && mkdir ${SENSORS}/hwmon0 && cd ${SENSORS}/hwmon0 &&
      echo lm86 >name && echo 40000 >temp1_input && echo 45000 >temp2_input && cd /`);
    await shell.must(`mount -t tmpfs none ${LEDS} && cd ${LEDS} && mkdir alix:1 alix:2 alix:3 &&
      touch alix:1/trigger alix:1/brightness alix:1/delay_on alix:1/delay_off &&
      cp alix:1/* alix:2 && cp alix:1/* alix:3 && cd /`);
  }
});

async function heat({ shell }: Director, celsius: number): Promise<void> {
  await shell.must(`echo ${celsius * 1000} >${SENSORS}/hwmon0/temp2_input`);
}

async function until({ shell }: Director, condition: string): Promise<void> {
  await shell.must(`until ${condition}; do sleep 1; done`, 90_000);
}

test('a hot master hands over to the cooler director, and takes office again when it is cool', async t => {
  const [master, backup] = [first(lab()), second(lab())];
  await heat(master, 75);
  await untilMaster(backup);
  await until(master, 'director vrrp | grep -q "state *BACKUP"');
  const [hot] = (await ask<VrrpStatus>(master, 'vrrp')).instances;
  t.is(hot?.priority, 90);
  t.regex(hot?.adjustments[0]?.reason ?? '', /^heat board: lm86 temp2 is at 75 C: hot from 70 C$/);
  const { heat: said, troubles } = await ask<DirectorStatus>(master, 'status');
  t.like(said, { level: 'hot', sensor: 'lm86 temp2' });
  t.true(troubles.some(trouble => trouble.startsWith('the board is hot')));

  await heat(backup, 78);
  await untilMaster(master);
  t.is((await ask<VrrpStatus>(backup, 'vrrp')).instances[0]?.priority, 40);

  await heat(backup, 45);
  await heat(master, 85);
  await until(master, 'director thermal | grep -q "mail rest$"');
  await heat(master, 45);
  await until(master, 'director status | grep -q "^no trouble"');
  await untilMaster(master);
  const { heat: cool } = await ask<ThermalStatus>(master, 'thermal');
  t.false(cool.rests);
  t.is(cool.limitsFrom, 'configuration');
  t.true((cool.hours.at(-1)?.most ?? 0) >= 85);
  const { gauges, cards } = await ask<RunningReport>(master, 'flash');
  const gauge = gauges.find(({ name }) => name === 'temperature lm86 temp2');
  t.is(gauge?.windows.at(-1)?.most, 85);
  t.regex(cards[0]?.forecast.reasons.at(-1) ?? '', /^heat: lm86 temp2 at 45 to 85 C, .*above the 70 C/);
});

test('the LEDs say who is master, also after control was started again', async t => {
  for (const director of lab().directors) {
    const { roles } = await ask<DirectorStatus>(director, 'status');
    await director.shell.must(`kill -KILL ${roles.find(({ role }) => role === 'control')?.pid}`);
    await until(director, `[ "$(cat ${LEDS}/alix:1/trigger)" = timer ]`);
  }
  await until(first(lab()), `[ "$(cat ${LEDS}/alix:2/brightness)" = 255 ]`);
  await until(second(lab()), `[ "$(cat ${LEDS}/alix:2/delay_on)" = 100 ]`);
  await until(first(lab()), `[ "$(cat ${LEDS}/alix:3/brightness)" = 0 ]`);
  await heat(first(lab()), 85);
  await until(first(lab()), `[ "$(cat ${LEDS}/alix:3/delay_off)" = 100 ]`);
  await heat(first(lab()), 45);
  t.pass();
});

test('nothing of it was written to a card', async t => {
  for (const { machine } of lab().directors) t.is(await machine.sectorsWritten(), 0);
});

test('the console asks for the factory configuration once, and the card keeps its own', async t => {
  t.timeout(900_000);
  mkdirSync(logs, { recursive: true });
  const card = newCard(join(images, 'net4801.img'));
  const board = await powerOnCommitting(card, { log: join(logs, 'factory.log') });
  t.teardown(() => board.machine.powerOff());
  const { console } = board.machine;
  const restartWished = async (shell = board.shell) => {
    const memory = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';
    await shell.must(`printf FCTY | dd of=${memory} bs=1 seek=108 conv=notrunc`);
    console.type('reboot\r');
    await console.expect(/start with the factory configuration.*\r\n.*30 s: /, BOOT);
  };
  await restartWished();
  console.type('yes\r');
  await console.expect(/boot: the factory configuration, as the reset button asked/, 30_000);
  // Nobody asks for a password.
  await console.expect(/[#$] $/, BOOT);
  t.is(nameIn(storedOn(card)), 'first');
  console.type('reboot\r');
  const shell = await relogin(board, BOOT);
  t.is(await shell.must('hostname'), 'first\n');

  await restartWished(shell);
  await console.expect(/boot: nobody said yes to the factory configuration/, 90_000);
  const kept = await relogin(board, BOOT);
  t.is(await kept.must('hostname'), 'first\n');
  t.is(await board.machine.sectorsWritten(), 0);
});
