// What the kernel counts of interrupts and of packets that came too fast: /proc/interrupts and /proc/net/softnet_stat. Pure.

export interface InterruptLine {
  readonly irq: number;
  /** Of all processors. */
  readonly count: number;
  /** Drivers that asked for it, as they call themselves: network cards by the name of their interface. */
  readonly users: readonly string[];
}

/** The numbered lines of /proc/interrupts; those of the processor itself are left out. */
export function parseInterrupts(text: string): InterruptLine[] {
  const [head = '', ...lines] = text.split('\n');
  const processors = head.trim().split(/\s+/).length;
  return lines.flatMap(line => {
    const [, number, rest = ''] = /^\s*(\d+):\s*(.*)$/.exec(line) ?? [];
    if (number === undefined) return [];
    const words = rest.trim().split(/\s+/);
    const count = words.slice(0, processors).reduce((sum, word) => sum + Number(word), 0);
    // Controller, perhaps a number there, users: two spaces stand before the users, none between them.
    const behind =
      words.slice(processors).length > 1
        ? rest
            .trim()
            .split(/\s{2,}/)
            .at(-1)!
        : '';
    const users = behind === '' ? [] : behind.split(', ');
    return Number.isNaN(count) ? [] : [{ irq: Number(number), count, users }];
  });
}

/** Of all processors (net/core/net-procfs.c, softnet_seq_show). */
export interface Softnet {
  /** Packets received. */
  readonly processed: number;
  /** Packets for which the queue had no room: of devices without NAPI only. */
  readonly dropped: number;
  /** How often netdev_budget or its time was used up with packets left. */
  readonly squeezed: number;
}

export function parseSoftnet(text: string): Softnet {
  const rows = text
    .trim()
    .split('\n')
    .map(line => line.split(/\s+/).map(word => Number.parseInt(word, 16)));
  const column = (at: number) => rows.reduce((sum, row) => sum + (row[at] || 0), 0);
  return { processed: column(0), dropped: column(1), squeezed: column(2) };
}
