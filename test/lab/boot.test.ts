// What GRUB and the board make of a card that is damaged, on trial, or in another place than expected.
import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { grubEnvironment } from '../../image/grub.ts';
import { GRUBENV_LENGTH, GRUBENV_OFFSET, PARTITIONS } from '../../image/layout.ts';
import { makeCard } from '../../scripts/lab/card.ts';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { type Machine, powerOn } from '../../scripts/lab/machine.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { login } from '../../scripts/lab/shell.ts';
import { hashPassword } from '../../scripts/lab/site.ts';
import { COPY_OFFSETS } from '../../src/director/flash/store.ts';
import { images, logs } from './lab.ts';

const PASSWORD = 'secret';
const BOOT_TIMEOUT = 180_000;
const [bootPart, slotA, slotB, store] = PARTITIONS;
const GRUBENV = bootPart.start + GRUBENV_OFFSET;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

let count = 0;

/** A card with a configuration that asks for a password. */
function newCard(): string {
  const card = join(SCRATCH, `boot${++count}.card`);
  const config = `system {\n  hostname board\n  password_hash "${hashPassword(PASSWORD)}"\n}\n`;
  makeCard(join(images, 'net4801.img'), card, config);
  return card;
}

function overwrite(card: string, offset: number, data: Uint8Array): void {
  const file = openSync(card, 'r+');
  writeSync(file, data, 0, data.length, offset);
  closeSync(file);
}

function grubenv(card: string): string {
  const sector = Buffer.alloc(GRUBENV_LENGTH);
  const file = openSync(card, 'r');
  readSync(file, sector, 0, sector.length, GRUBENV);
  closeSync(file);
  return sector.toString();
}

/** Switches a board on that goes off with the test. */
async function board(t: ExecutionContext, card: string, extra: readonly string[] = []): Promise<Machine> {
  t.timeout(300_000);
  const name = `boot${++count}`;
  const machine = await powerOn({
    name,
    card,
    cpu: 'pentium',
    memory: 64,
    ports: [],
    folder: SCRATCH,
    log: join(logs, 'boot.log'),
    extra,
  });
  t.teardown(() => machine.powerOff());
  return machine;
}

/** The slot that the running system came from. */
async function bootedSlot(machine: Machine): Promise<string | undefined> {
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  return /director\.slot=(.)/.exec(await shell.must('cat /proc/cmdline'))?.[1];
}

test('an untouched card boots slot a and writes nothing', async t => {
  const card = newCard();
  const machine = await board(t, card);
  t.is(await bootedSlot(machine), 'a');
  t.is(await machine.sectorsWritten(), 0);
});

test('errors of the kernel go to the log, and not to the console', async t => {
  const machine = await board(t, newCard());
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  const said = await shell.must(
    'echo "<3>the card is lost" >/dev/kmsg; until grep -q "the card is lost" /var/log/messages; do sleep 1; done',
  );
  t.is(said, '');
});

test('an unreadable grubenv boots slot a', async t => {
  const card = newCard();
  overwrite(card, GRUBENV, Buffer.alloc(GRUBENV_LENGTH, 0xa5));
  t.is(await bootedSlot(await board(t, card)), 'a');
});

test('a boot partition full of noise boots slot a', async t => {
  const card = newCard();
  overwrite(card, bootPart.start, Buffer.alloc(bootPart.length, 0xa5));
  t.is(await bootedSlot(await board(t, card)), 'a');
});

test('a boot partition whose grub.cfg is cut short boots slot a', async t => {
  const card = newCard();
  overwrite(card, bootPart.start + 512 + 600, Buffer.alloc(1024, 0x7b));
  t.is(await bootedSlot(await board(t, card)), 'a');
});

test('an empty slot a boots slot b', async t => {
  const card = newCard();
  overwrite(card, slotA.start, Buffer.alloc(1 << 20));
  const machine = await board(t, card);
  t.is(await bootedSlot(machine), 'b');
  t.regex(machine.console.text, /Slot a cannot be booted/);
});

test('slot b is booted when it is the active one', async t => {
  const card = newCard();
  overwrite(card, GRUBENV, grubEnvironment({ active: 'b' }));
  t.is(await bootedSlot(await board(t, card)), 'b');
});

test('boot parameters from grubenv reach the kernel', async t => {
  const card = newCard();
  overwrite(card, GRUBENV, grubEnvironment({ active: 'a', bootargs: 'ip_vs.conn_tab_bits=12' }));
  const machine = await board(t, card);
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  t.regex(await shell.must('ipvsadm -Ln'), /size=4096/);
});

test('a pending slot is tried as often as it has tries, then the active one is booted', async t => {
  const card = newCard();
  overwrite(card, GRUBENV, grubEnvironment({ active: 'a', pending: 'b', tries: '3' }));
  const machine = await board(t, card);
  for (const left of [2, 1, 0]) {
    await machine.console.expect(new RegExp(`Trying slot b, ${left} tries left`), BOOT_TIMEOUT);
    await machine.console.expect(/Booting slot b/, BOOT_TIMEOUT);
    t.true(grubenv(card).includes(`\ntries=${left}\n`));
    await machine.qmp.execute('system_reset');
  }
  await machine.console.expect(/Slot b has no tries left/, BOOT_TIMEOUT);
  t.is(await bootedSlot(machine), 'a');
  t.is(await machine.sectorsWritten(), 3, 'one sector for each try');
});

test('a pending slot that cannot be read is passed over', async t => {
  const card = newCard();
  overwrite(card, GRUBENV, grubEnvironment({ active: 'a', pending: 'b', tries: '3' }));
  overwrite(card, slotB.start, Buffer.alloc(slotB.length));
  t.is(await bootedSlot(await board(t, card)), 'a');
});

test('a card that takes no writes is not tried for ever', async t => {
  const card = newCard();
  overwrite(card, GRUBENV, grubEnvironment({ active: 'a', pending: 'b', tries: '3' }));
  const rules = join(SCRATCH, 'no-writes');
  writeFileSync(rules, '[inject-error]\nevent = "write_aio"\niotype = "write"\nerrno = "5"\n');
  const machine = await board(t, `blkdebug:${rules}:${card}`);
  await machine.console.expect(/The tries of slot b cannot be counted/, BOOT_TIMEOUT);
  t.is(await bootedSlot(machine), 'a');
});

test('the card is found as the second disk too', async t => {
  const card = newCard();
  const other = join(SCRATCH, 'other.disk');
  copyFileSync('/dev/null', other);
  execFileSync('truncate', ['-s', '8M', other]);
  const machine = await board(t, other, [
    ...['-drive', `if=none,id=second,format=raw,file=${card}`],
    ...['-device', 'ide-hd,drive=second,bus=ide.0,unit=1,bootindex=0'],
  ]);
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  t.regex(machine.console.text, /boot: configuration 65536 of .*copy 1 on \/dev\/sdb4/);
  for (const device of ['sda', 'sdb', 'sdb1', 'sdb4']) {
    t.is(await shell.must(`blockdev --getro /dev/${device}`), '1\n');
  }
});

test('a damaged copy of the configuration is told on the console, and the board boots', async t => {
  const card = newCard();
  overwrite(card, store.start + COPY_OFFSETS[0] + 100, Buffer.from([0xff]));
  const later = Buffer.alloc(512, 0x11);
  later.write('CDSTORE\n\x09\0\0\0', 'latin1');
  overwrite(card, store.start + COPY_OFFSETS[1], later);
  const machine = await board(t, card);
  await machine.console.expect(/copy 1 of the configuration is damaged: its checksum/, BOOT_TIMEOUT);
  await machine.console.expect(/copy 2 of the configuration is damaged: it has format 9/, BOOT_TIMEOUT);
  await machine.console.expect(/starting with the factory configuration/, BOOT_TIMEOUT);
  const open = await machine.console.expect(/No password is set: this console is open[^#]*# $/, BOOT_TIMEOUT);
  t.truthy(open);
  machine.console.type('until director status | grep "at boot"; do sleep 1; done\r');
  t.truthy(await machine.console.expect(/at boot: copy 1 .*\s+at boot: copy 2 /, BOOT_TIMEOUT));
});

test('a damaged copy beside a good one is told until a commit has replaced it', async t => {
  const card = newCard();
  overwrite(card, store.start + COPY_OFFSETS[1], Buffer.alloc(512, 0x11));
  const machine = await board(t, card);
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  t.regex(machine.console.text, /boot: configuration 65536 of .*copy 1 /);
  const told = /at boot: copy 2 of the configuration is damaged: it does not begin with the mark/;
  await shell.must('until director status >/tmp/s 2>&1; do sleep 1; done', 60_000);
  t.regex(await shell.must('cat /tmp/s'), told);
  t.regex(await shell.must('director history'), /\n65536 .*\ncopy 1 .*: commit 65536\ncopy 2 .*: damaged: /);
  await shell.must(
    "sed 's/hostname .*/hostname next/' /run/director/director.conf >/tmp/c; director commit /tmp/c",
  );
  t.notRegex(await shell.must('director status'), /at boot/);
  t.regex(await shell.must('director history'), /copy 2 .*: commit 65537/);
});

test('without a partition for the configuration the board starts with that of the factory, and says so', async t => {
  const card = newCard();
  // The fourth entry of the partition table.
  overwrite(card, 446 + 3 * 16, Buffer.alloc(16));
  const machine = await board(t, card);
  await machine.console.expect(
    /sda has no config store: starting with the factory configuration/,
    BOOT_TIMEOUT,
  );
  await machine.console.expect(/this console is open[^#]*# $/, BOOT_TIMEOUT);
  machine.console.type('until director status | grep "at boot"; do sleep 1; done; director commit\r');
  t.truthy(await machine.console.expect(/at boot: sda has no config store/, BOOT_TIMEOUT));
  t.truthy(
    await machine.console.expect(/there is no card to commit to: sda has no config store/, BOOT_TIMEOUT),
  );
});

test('a file system that was mounted before the card became read-only gets nothing onto it', async t => {
  const card = newCard();
  execFileSync('mformat', [
    '-i',
    `${card}@@${slotB.start}`,
    '-T',
    String(slotB.length / 512),
    '-h',
    '16',
    '-s',
    '63',
    '::',
  ]);
  const machine = await board(t, card);
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  await shell.must('mkdir /tmp/card');
  t.not((await shell.run('mount -t vfat -o rw /dev/sda3 /tmp/card && touch /tmp/card/x')).status, 0);
  await shell.run('umount /tmp/card');
  await shell.must('blockdev --setrw /dev/sda /dev/sda3; mount -t vfat -o rw /dev/sda3 /tmp/card');
  await shell.must('blockdev --setro /dev/sda; blockdev --setro /dev/sda3');
  await shell.run('dd if=/dev/zero of=/tmp/card/file bs=4096 count=64; sync; umount /tmp/card; sync');
  t.is(await machine.sectorsWritten(), 0);
});

test('the console asks for the password and lets nobody in without it', async t => {
  const machine = await board(t, newCard());
  await machine.console.expect(/board login: /, BOOT_TIMEOUT);
  machine.console.type('root\r');
  await machine.console.expect(/assword: /, BOOT_TIMEOUT);
  machine.console.type('wrong\r');
  await machine.console.expect(/Login incorrect/, BOOT_TIMEOUT);
  t.is(await bootedSlot(machine), 'a');
});

test('no port is open to the network', async t => {
  const machine = await board(t, newCard());
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  t.is(await shell.must('netstat -ltun | tail -n +3'), '');
});

test('reboot restarts the board, from slot a again', async t => {
  const machine = await board(t, newCard());
  const shell = await login(machine.console, PASSWORD, BOOT_TIMEOUT);
  t.truthy(shell);
  machine.console.type('reboot\r');
  await machine.console.expect(/Booting slot a/, BOOT_TIMEOUT);
  t.is(await bootedSlot(machine), 'a');
  t.is(await machine.sectorsWritten(), 0);
});
