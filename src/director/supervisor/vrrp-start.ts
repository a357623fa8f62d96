// How the supervisor tells a vrrp process what came before it: the first words of its arguments.

export interface VrrpStart {
  /** Milliseconds in which no master is preempted; 0: none. */
  readonly holdDown: number;
  /** When the director was started, in monotonic milliseconds: the clock is the same in every process. */
  readonly startedAt: number;
}

const WORD = '--start';

/** `--start HOLD-DOWN,STARTED-AT` */
export function startWords({ holdDown, startedAt }: VrrpStart): string[] {
  return [WORD, `${holdDown},${startedAt}`];
}

/** Takes those words off `words`; without them a process is the first, started now or long ago. */
export function takeStart(words: string[]): VrrpStart {
  if (words[0] !== WORD) return { holdDown: 0, startedAt: 0 };
  const [holdDown = 0, startedAt = 0] = (words.splice(0, 2)[1] ?? '').split(',').map(Number);
  return { holdDown, startedAt };
}
