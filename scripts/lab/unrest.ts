// A pair of directors with traffic and everything that goes wrong in the life of one: what may never write to a card, and does not.
import { type Director, type Lab, services, untilServed } from './lab.ts';

/** Milliseconds for one thing to take effect on a busy machine. */
const PATIENCE = 480_000;
/** Milliseconds between requests of the client. */
const PACE = 20;

export interface UnrestResult {
  readonly rounds: number;
  /** Requests that were answered. */
  readonly answered: number;
  /** Sectors written to each card since its board was switched on, by QEMU's count. */
  readonly sectors: readonly number[];
}

/** What somebody or something does to the directors, and what is waited for afterwards. */
const trouble: readonly { readonly name: string; cause(lab: Lab): Promise<unknown> }[] = [
  { name: 'the vrrp process dies', cause: ({ directors }) => kill(directors[0]!, 'vrrp') },
  { name: 'checker and control die', cause: ({ directors }) => Promise.all(directors.map(killOthers)) },
  {
    name: 'a cable is pulled and put back',
    async cause({ directors: [master] }) {
      await master!.machine.qmp.execute('set_link', { name: 'port0', up: false });
      await master!.shell.must(`until ${shows('FAULT')}; do sleep 1; done`, PATIENCE);
      await master!.machine.qmp.execute('set_link', { name: 'port0', up: true });
      await master!.shell.must(`until ${shows('MASTER')}; do sleep 1; done`, PATIENCE);
    },
  },
  { name: 'somebody empties the table', cause: each('ipvsadm -C') },
  {
    name: 'the log is flooded with errors',
    cause: each('for n in $(seq 300); do logger -p daemon.err "error $n: $(seq 40 | tr -d "\\n")"; done'),
  },
  {
    name: 'wrong configurations, and right ones that differ',
    cause: each(
      `echo "nonsense {" >/tmp/wrong; director reload /tmp/wrong; director check /tmp/wrong;
       sed "s/weight 1/weight $((1 + $(date +%s) % 50))/" /run/director/director.conf >/tmp/right; director reload /tmp/right`,
    ),
  },
  {
    name: 'all of tmpfs is filled',
    cause: each(
      'for f in /tmp/full /var/full /run/full; do dd if=/dev/zero of=$f bs=64k; done; sync; rm -f /tmp/full /var/full /run/full',
    ),
  },
  {
    name: 'a process writes to the card, through every door',
    cause: each(
      'for d in sda sda1 sda2 sda3 sda4; do dd if=/dev/urandom of=/dev/$d bs=4k count=20; dd if=/dev/urandom of=/dev/$d bs=4k count=20 conv=fsync; done; sync',
    ),
  },
  { name: 'the whole card is read', cause: each('dd if=/dev/sda of=/dev/null bs=64k') },
  {
    name: 'the whole director is stopped and comes back',
    cause: ({ directors: [master] }) =>
      master!.shell.run(`director stop; sleep 1; until ${shows('MASTER')}; do sleep 1; done`, PATIENCE),
  },
];

/** One thing after the other until `milliseconds` have passed, each at least once; then all is well again, or this throws. */
export async function unrest(
  lab: Lab,
  milliseconds: number,
  note: (text: string) => void,
): Promise<UnrestResult> {
  const end = performance.now() + milliseconds;
  const loads = Object.values(services).map(url => lab.client.load(url, PACE));
  let rounds = 0;
  do {
    for (const { name, cause } of trouble) {
      note(name);
      await cause(lab);
      for (const url of Object.values(services)) await untilServed(lab, url, 2, PATIENCE);
      if (rounds > 0 && performance.now() > end) break;
    }
    rounds++;
  } while (performance.now() < end);
  const samples = (await Promise.all(loads.map(load => load.stop()))).flat();
  return {
    rounds,
    answered: samples.filter(({ server }) => server !== null).length,
    sectors: await Promise.all(lab.directors.map(({ machine }) => machine.sectorsWritten())),
  };
}

function each(command: string): (lab: Lab) => Promise<unknown> {
  return ({ directors }) => Promise.all(directors.map(({ shell }) => shell.run(command, PATIENCE)));
}

/** A condition of the shell. */
function shows(state: string): string {
  return `director vrrp 2>/dev/null | grep -q "state *${state}"`;
}

function kill({ shell }: Director, role: string): Promise<unknown> {
  return shell.run(
    `for f in /proc/[0-9]*; do grep -q "^director: ${role}" $f/cmdline && kill -KILL \${f#/proc/}; done; until director status >/dev/null 2>&1; do sleep 1; done`,
    PATIENCE,
  );
}

async function killOthers(director: Director): Promise<void> {
  await kill(director, 'checker');
  await kill(director, 'control');
}
