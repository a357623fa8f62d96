// Files of the board over the module `host`; the file half of quickjs.ts.
import * as host from 'host';
import { O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } from './linux.ts';
import { type Files, isSystemError, type OpenFile, type Pipe } from './platform.ts';

class HostFile implements OpenFile {
  readonly fd: number;
  #closed = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  readAt(into: Uint8Array, position: number): number {
    return host.read(this.fd, into, position) ?? 0;
  }

  writeAt(data: Uint8Array, position: number): void {
    for (let done = 0; done < data.length; ) {
      const written = host.write(this.fd, data.subarray(done), position + done);
      if (!written) throw new RangeError(`file ${this.fd} took ${done} of ${data.length} bytes`);
      done += written;
    }
  }

  sync(): void {
    host.sync(this.fd);
  }

  ioctl(request: number, argument: Uint8Array): number {
    return host.ioctl(this.fd, request, argument);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    host.close(this.fd);
  }
}

class HostPipe implements Pipe {
  readonly #fd: number;
  #closed = false;

  constructor(path: string) {
    // Read-write, so that neither opening nor writing depends on a reader.
    this.#fd = host.open(path, O_RDWR | O_NONBLOCK, 0);
  }

  read(into: Uint8Array): number | null {
    return host.read(this.#fd, into, -1);
  }

  write(data: Uint8Array): boolean {
    return host.write(this.#fd, data, -1) !== null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    host.close(this.#fd);
  }
}

const ACCESS = { read: O_RDONLY, write: O_WRONLY, 'read-write': O_RDWR, poll: O_RDONLY | O_NONBLOCK };

/** Writes all of `data` at the file offset, as few write(2) as the kernel allows: one where it takes everything. */
function writeWhole(path: string, flags: number, data: Uint8Array, mode: number): void {
  const fd = host.open(path, flags, mode);
  try {
    for (let done = 0; done < data.length; ) {
      const written = host.write(fd, data.subarray(done), -1);
      if (!written) throw new RangeError(`${path} took ${done} of ${data.length} bytes`);
      done += written;
    }
  } finally {
    host.close(fd);
  }
}

export const files: Files = {
  readText: path => host.decodeUtf8(host.readFile(path)),
  read: host.readFile,
  replace(path, content, mode = 0o644) {
    const beside = `${path}.new`;
    const data = typeof content === 'string' ? host.encodeUtf8(content) : content;
    try {
      writeWhole(beside, O_WRONLY | O_CREAT | O_TRUNC, data, mode);
      host.changeMode(beside, mode);
      host.rename(beside, path);
    } catch (error) {
      try {
        host.removeFile(beside);
      } catch {
        // What went wrong first is what the caller has to know.
      }
      throw error;
    }
  },
  put: (path, content) => writeWhole(path, O_WRONLY | O_TRUNC, host.encodeUtf8(content), 0),
  adopt: fd => new HostFile(fd),
  open: (path, access) => new HostFile(host.open(path, ACCESS[access], 0)),
  exists(path) {
    try {
      host.stat(path);
      return true;
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return false;
      throw error;
    }
  },
  status: host.stat,
  list: host.readDirectory,
  readLink: host.readLink,
  makeDirectory: (path, mode = 0o755) => host.makeDirectory(path, mode),
  remove: host.removeFile,
  rename: host.rename,
  changeMode: host.changeMode,
  changeOwner: (path, { user, group }) => host.changeOwner(path, user, group),
  makeFifo: host.makeFifo,
  openPipe: path => new HostPipe(path),
};
