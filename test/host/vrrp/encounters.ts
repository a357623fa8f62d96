// What a director and keepalived go through together, whatever dialect of VRRP they speak.
import type { ExecutionContext } from 'ava';
import type { GroupOptions } from './configs.ts';
import type { Rivals } from './rivals.ts';
import { becomes, crash, held, instance } from './watch.ts';

export interface Encounter {
  readonly title: string;
  run(t: ExecutionContext, rivals: Rivals): Promise<void>;
}

const HIGHER: Partial<GroupOptions> = { priority: 150 };

export const ENCOUNTERS: readonly Encounter[] = [
  {
    title: 'keepalived is master; the director replaces it when it dies and when it leaves, and gives back',
    async run(t, rivals) {
      const keepalived = await rivals.keepalived(HIGHER);
      const director = await rivals.director();
      await rivals.atTheirs();
      const { master } = await becomes(director, status => status.master !== null);
      t.like(master, { address: rivals.theirSource, priority: 150 });
      await rivals.isCalm(director, keepalived);

      await keepalived.crash();
      rivals.clearTheirs();
      await rivals.atOurs();

      const again = await rivals.keepalived(HIGHER);
      await rivals.atTheirs();
      t.is((await instance(director)).state, 'BACKUP');
      await rivals.isCalm(director, again);

      await again.stop();
      await rivals.atOurs();
      t.is((await instance(director)).counters.priorityZeroReceived, 1);
    },
  },
  {
    title: 'the director is master; keepalived replaces it when it dies and when it leaves, and gives back',
    async run(t, rivals) {
      const director = await rivals.director(HIGHER);
      await director.line(/entering MASTER/);
      const keepalived = await rivals.keepalived();
      await rivals.atOurs();
      await rivals.isCalm(director, keepalived);
      t.is((await instance(director)).counters.becameMaster, 1);

      await crash(director);
      await rivals.atTheirs();

      const again = await rivals.director(HIGHER);
      await rivals.atOurs();
      t.is((await instance(again)).counters.becameMaster, 1);

      again.signal('SIGTERM');
      t.is(await again.ended, 0);
      await rivals.atTheirs();
    },
  },
  {
    title: 'a cable is pulled from the master and plugged in again',
    async run(t, rivals) {
      const keepalived = await rivals.keepalived(HIGHER);
      const director = await rivals.director();
      await rivals.atTheirs();
      rivals.setCable(rivals.theirs, false);
      await rivals.atOurs();
      rivals.setCable(rivals.theirs, true);
      await rivals.atTheirs();
      t.regex(keepalived.log, /Entering FAULT STATE/);

      director.write('site.conf', rivals.ourConfig({ priority: 200 }));
      director.signal('SIGHUP');
      await rivals.atOurs();
      rivals.setCable(rivals.ours, false);
      await director.line(/entering FAULT: the interface is down/);
      await rivals.atTheirs();
      rivals.setCable(rivals.ours, true);
      await rivals.atOurs();
    },
  },
  {
    title: 'neither preempts when told not to',
    async run(t, rivals) {
      const waiting: Partial<GroupOptions> = { priority: 150, nopreempt: true };
      const master = await rivals.keepalived();
      await rivals.atTheirs();
      const director = await rivals.director(waiting);
      await becomes(director, ({ counters }) => counters.received > 8);
      t.like(await instance(director), { state: 'BACKUP', counters: { becameMaster: 0 } });
      await master.stop();
      await rivals.atOurs();

      director.write('site.conf', rivals.ourConfig({ priority: 50 }));
      director.signal('SIGHUP');
      await becomes(director, ({ priority }) => priority === 50);
      const backup = await rivals.keepalived(waiting);
      await backup.line(/Entering BACKUP STATE/);
      await rivals.isCalm(director, backup);
      await rivals.isCalm(director, backup);
      t.notRegex(backup.log, /Entering MASTER/);
      t.like(await instance(director), { state: 'MASTER', counters: { becameMaster: 1 } });
    },
  },
  {
    title: 'a reload that changes nothing changes nothing; new priorities decide anew',
    async run(t, rivals) {
      const keepalived = await rivals.keepalived(HIGHER);
      const director = await rivals.director();
      await rivals.atTheirs();
      await keepalived.reload();
      await rivals.atTheirs();
      await rivals.isCalm(director, keepalived);
      await keepalived.reload(rivals.theirConfig({ priority: 50 }));
      await rivals.atOurs();
      const { becameMaster } = (await instance(director)).counters;

      const reload = (options: Partial<GroupOptions>) => {
        director.write('site.conf', rivals.ourConfig(options));
        director.signal('SIGHUP');
      };
      reload({});
      await rivals.isCalm(director, keepalived);
      t.like(await instance(director), { state: 'MASTER', counters: { becameMaster } });
      reload({ priority: 20 });
      await rivals.atTheirs();
      reload({ priority: 120 });
      await rivals.atOurs();
      await rivals.isCalm(director, keepalived);
    },
  },
  {
    title: 'other virtual addresses: the director reports them and keeps to one master',
    async run(t, rivals) {
      const { both, second, theirSource } = rivals;
      const complaint = `${theirSource} has other virtual addresses: ${both.addresses?.join(' ')}`;
      const keepalived = await rivals.keepalived({ ...HIGHER, ...both });
      // Before it is master, the director may be for a moment.
      await rivals.atTheirs();
      const director = await rivals.director();
      await director.line(new RegExp(complaint));
      await becomes(director, ({ counters }) => counters.received > 8);
      t.like(await instance(director), { state: 'BACKUP', counters: { becameMaster: 0 } });

      director.write('site.conf', rivals.ourConfig(both));
      director.signal('SIGHUP');
      await becomes(director, ({ trouble }) => trouble === null);
      await keepalived.reload(rivals.theirConfig({ priority: 50, ...both }));
      await rivals.atOurs();
      await held(rivals.ours, second);
      await held(rivals.theirs, second, false);

      // keepalived drops advertisements with other addresses than its own, and so becomes a second master. It says so only once: every
      // advertisement that it drops puts its own next one off.
      director.write('site.conf', rivals.ourConfig());
      director.signal('SIGHUP');
      const { state } = await becomes(director, ({ trouble }) => trouble === complaint);
      t.is(state, 'MASTER');
      await keepalived.reload(rivals.theirConfig({ priority: 50 }));
      await rivals.atOurs();
      await held(rivals.theirs, second, false);
      t.like(await instance(director), { state: 'MASTER', counters: { becameMaster: 1 } });
    },
  },
];
