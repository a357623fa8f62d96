// The text of one configuration file, and how an offset in it becomes a line and a column.

/** How files are reached: the edge passes it in, so that checking needs no operating system. */
export interface SourceReader {
  /** The text of a file; throws when it cannot be read. */
  read(path: string): string;
  /** Names in a directory; throws when it cannot be read. Without it `include` takes no patterns. */
  list?(directory: string): string[];
  /** Why the program at an absolute path cannot be run, or null. Without it programs are taken to be there. */
  troubleOf?(program: string): string | null;
  /** What `@id` is compared with. Unless set: the host name that a system block above names, then that of the machine. */
  readonly configId?: string | null;
  /** The name of the machine, perhaps with its domain. */
  readonly hostName?: string;
  /** Absolute path that file names are relative to, for `${_PWD}`. */
  readonly folder?: string;
}

export interface Place {
  /** Both from 1; a column is one UTF-16 unit, a tab too. */
  readonly line: number;
  readonly column: number;
}

/** A place as problems tell it. */
export interface Location extends Place {
  readonly file: string;
  /** Through which definitions the text came there; empty when it stands there as it was read. */
  readonly note: string;
}

export class Source {
  readonly path: string;
  readonly text: string;
  /** Offsets of the lines' first characters; made when the first problem asks, as most files have none. */
  private lineStarts: number[] | null = null;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Where `offset` is. Only a line feed ends a line: a carriage return before it is white space. */
  place(offset: number): Place {
    const starts = this.starts();
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }

  /** The place in the files that were written. */
  locate(offset: number): Location {
    return { file: this.path, ...this.place(offset), note: '' };
  }

  private starts(): readonly number[] {
    if (this.lineStarts === null) {
      this.lineStarts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) {
        this.lineStarts.push(at + 1);
      }
    }
    return this.lineStarts;
  }
}
