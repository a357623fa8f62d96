// The processes of this machine as /proc shows them. Reading each of them costs three system calls, so one that was read is
// read again only while it is young, when it may still become another program, and now and then.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { ProcessView } from './process.ts';

/** Readings after which a process counts as settled, and after how many more one is read again. */
const YOUNG = 3;
const SELDOM = 16;

interface Known {
  view: ProcessView;
  age: number;
}

export class ProcessList {
  readonly #platform: Platform;
  #known = new Map<string, Known>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Everything that runs now. */
  read(): ProcessView[] {
    const before = this.#known;
    this.#known = new Map();
    const views: ProcessView[] = [];
    for (const pid of this.#platform.files.list('/proc')) {
      if (!isNumber(pid)) continue;
      const known = this.#look(pid, before.get(pid));
      if (known === null) continue;
      this.#known.set(pid, known);
      views.push(known.view);
    }
    return views;
  }

  #look(pid: string, known: Known | undefined): Known | null {
    if (known === undefined) {
      const view = this.#view(pid);
      return view && { view, age: 0 };
    }
    known.age += 1;
    if (known.age > YOUNG && known.age % SELDOM !== 0) return known;
    const view = this.#view(pid);
    if (view === null) return null;
    known.view = view;
    return known;
  }

  /** Null: it has ended meanwhile. */
  #view(pid: string): ProcessView | null {
    const { files } = this.#platform;
    try {
      const name = files.readText(`/proc/${pid}/comm`).trimEnd();
      const words = files.readText(`/proc/${pid}/cmdline`).split('\0');
      // Every word ends with a NUL.
      words.pop();
      return { name, words };
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ESRCH')) return null;
      throw error;
    }
  }
}

function isNumber(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 0x31 && first <= 0x39;
}
