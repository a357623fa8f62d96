// A file system in a map: paths lead to bytes. Folders exist where files lie below them, or where they were made.
import { systemError } from './fake-error.ts';
import type { Account, FileStatus, Files, OpenFile, Pipe } from './platform.ts';

interface Entry {
  data: Uint8Array;
  mode: number;
  modified: number;
  /** What was written into a FIFO and not taken by the test yet; null for a file. */
  fifo: string[] | null;
}

export class FakeFiles implements Files {
  readonly #entries = new Map<string, Entry>();
  readonly #folders = new Set<string>(['/']);
  readonly #now: () => number;
  #nextFd = 1000;
  /** Path -> errno: every access to this path fails. */
  readonly failures = new Map<string, string>();
  /** Path -> what ioctl does on it; without one ioctl fails with ENOTTY. */
  readonly devices = new Map<string, (request: number, argument: Uint8Array) => number>();
  /** Path -> where it leads; such a path is listed, and is nothing else. */
  readonly links = new Map<string, string>();
  /** Path -> what each read of a device takes in turn, wherever it reads. */
  readonly records = new Map<string, string[]>();
  /** Path -> whom `changeOwner` gave it to. */
  readonly owners = new Map<string, Account>();
  /** Path of a FIFO -> lines that somebody has typed there, in order. */
  readonly typed = new Map<string, string[]>();
  /** Writes that a FIFO has room for. */
  pipeRoom = 16;
  /** Every path written to, in order. */
  readonly written: string[] = [];

  /** `now` gives the wall clock for `modified`. */
  constructor(initial: Readonly<Record<string, string | Uint8Array>> = {}, now: () => number = () => 0) {
    this.#now = now;
    for (const [path, content] of Object.entries(initial)) this.#store(path, content, 0o644);
  }

  /** Reads all that waits in a FIFO. */
  drainFifo(path: string): string {
    const fifo = this.#entries.get(path)?.fifo;
    if (!fifo) throw new Error(`${path} is no FIFO`);
    return fifo.splice(0).join('');
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.#entry(path, 'open').data);
  }

  read(path: string): Uint8Array {
    return this.#entry(path, 'open').data.slice();
  }

  replace(path: string, content: string | Uint8Array, mode = 0o644): void {
    this.#check(path, 'open');
    this.#needFolder(path, 'open');
    this.written.push(path);
    this.#store(path, content, mode);
  }

  put(path: string, content: string): void {
    const entry = this.#entry(path, 'open');
    this.written.push(path);
    this.#store(path, content, entry.mode);
  }

  open(path: string, access: 'read' | 'write' | 'read-write' | 'poll'): OpenFile {
    const entry = this.#entry(path, 'open');
    const fd = this.#nextFd++;
    let open = true;
    const need = (syscall: string, allowed: boolean) => {
      if (!open || !allowed) throw systemError('EBADF', syscall, String(fd));
      this.#check(path, syscall);
    };
    return {
      fd,
      readAt: (into, position) => {
        need('pread', access !== 'write');
        const record = this.records.get(path);
        if (record) {
          const bytes = new TextEncoder().encode(record.shift() ?? '');
          into.set(bytes);
          return bytes.length;
        }
        const part = entry.data.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      },
      writeAt: (data, position) => {
        need('pwrite', access === 'write' || access === 'read-write');
        const grown = new Uint8Array(Math.max(entry.data.length, position + data.length));
        grown.set(entry.data);
        grown.set(data, position);
        entry.data = grown;
        entry.modified = this.#now();
        this.written.push(path);
      },
      sync: () => need('fsync', true),
      ioctl: (request, argument) => {
        need('ioctl', true);
        const device = this.devices.get(path);
        if (!device) throw systemError('ENOTTY', 'ioctl', path);
        return device(request, argument);
      },
      close: () => {
        open = false;
      },
    };
  }

  /** `ioctl` goes to the device `fd:N`. */
  adopt(fd: number): OpenFile {
    this.#store(`fd:${fd}`, '', 0o600);
    return this.open(`fd:${fd}`, 'read-write');
  }

  exists(path: string): boolean {
    return this.#entries.has(path) || this.#isFolder(path);
  }

  status(path: string): FileStatus {
    this.#check(path, 'stat');
    const entry = this.#entries.get(path);
    if (entry) {
      const { data, mode, modified, fifo } = entry;
      return { type: fifo === null ? 'file' : 'fifo', size: data.length, mode, modified };
    }
    if (!this.#isFolder(path)) throw systemError('ENOENT', 'stat', path);
    return { type: 'directory', size: 0, mode: 0o755, modified: 0 };
  }

  list(path: string): string[] {
    this.#check(path, 'opendir');
    if (!this.#isFolder(path))
      throw systemError(this.#entries.has(path) ? 'ENOTDIR' : 'ENOENT', 'opendir', path);
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const names = new Set<string>();
    for (const known of [...this.#entries.keys(), ...this.#folders, ...this.links.keys()]) {
      const name = known.startsWith(prefix) ? known.slice(prefix.length).split('/')[0] : '';
      if (name) names.add(name);
    }
    return [...names].sort();
  }

  readLink(path: string): string {
    this.#check(path, 'readlink');
    const target = this.links.get(path);
    if (target === undefined) throw systemError(this.exists(path) ? 'EINVAL' : 'ENOENT', 'readlink', path);
    return target;
  }

  makeDirectory(path: string): void {
    this.#check(path, 'mkdir');
    if (this.exists(path)) throw systemError('EEXIST', 'mkdir', path);
    this.#needFolder(path, 'mkdir');
    this.#folders.add(path);
  }

  remove(path: string): void {
    this.#check(path, 'unlink');
    if (this.#isFolder(path)) throw systemError('EISDIR', 'unlink', path);
    if (!this.#entries.delete(path)) throw systemError('ENOENT', 'unlink', path);
  }

  rename(from: string, to: string): void {
    const entry = this.#entry(from, 'rename');
    this.#needFolder(to, 'rename');
    this.#entries.delete(from);
    this.#entries.set(to, entry);
    this.written.push(to);
  }

  changeMode(path: string, mode: number): void {
    this.#entry(path, 'chmod').mode = mode;
  }

  changeOwner(path: string, account: Account): void {
    this.#entry(path, 'chown');
    this.owners.set(path, account);
  }

  makeFifo(path: string, mode: number): void {
    this.#check(path, 'mkfifo');
    if (this.exists(path)) throw systemError('EEXIST', 'mkfifo', path);
    this.#needFolder(path, 'mkfifo');
    this.#entries.set(path, { data: new Uint8Array(0), mode, modified: this.#now(), fifo: [] });
  }

  openPipe(path: string): Pipe {
    const { fifo } = this.#entry(path, 'open');
    if (fifo === null) throw new Error(`${path} is no FIFO`);
    return {
      read: into => {
        const line = this.typed.get(path)?.shift();
        if (line === undefined) return null;
        const bytes = new TextEncoder().encode(line);
        into.set(bytes);
        return bytes.length;
      },
      write: data => {
        if (fifo.length >= this.pipeRoom) return false;
        fifo.push(new TextDecoder().decode(data));
        return true;
      },
      close: () => {},
    };
  }

  #store(path: string, content: string | Uint8Array, mode: number): void {
    const data = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice();
    this.#entries.set(path, { data, mode, modified: this.#now(), fifo: null });
  }

  #entry(path: string, syscall: string): Entry {
    this.#check(path, syscall);
    const entry = this.#entries.get(path);
    if (entry) return entry;
    throw systemError(this.#isFolder(path) ? 'EISDIR' : 'ENOENT', syscall, path);
  }

  #check(path: string, syscall: string): void {
    const code = this.failures.get(path);
    if (code) throw systemError(code, syscall, path);
  }

  #needFolder(path: string, syscall: string): void {
    if (!this.#isFolder(path.slice(0, path.lastIndexOf('/')) || '/'))
      throw systemError('ENOENT', syscall, path);
  }

  #isFolder(path: string): boolean {
    if (this.#folders.has(path)) return true;
    const prefix = `${path}/`;
    const known = [...this.#entries.keys(), ...this.#folders, ...this.links.keys()];
    return known.some(each => each.startsWith(prefix));
  }
}
