// A director whose log nobody takes: its standard error is a pipe that is full.
import { chmodSync, closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { inside, type Place } from '../director/director.ts';

/** A program that runs `binary`; `director run` with a standard error that blocks for ever. */
export function withFullLog(t: ExecutionContext, binary: string, place: Place): string {
  const pipe = join(place.folder, 'log');
  inside(place.name, 'mkfifo', pipe);
  // Open for reading as well, which nobody does: a pipe without a reader would be an error and not an obstacle.
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  t.teardown(() => closeSync(fd));
  fill(fd);
  const program = join(place.folder, 'director');
  writeFileSync(program, `#!/bin/sh\ntest "$1" = run && exec 2> ${pipe}\nexec ${binary} "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

function fill(fd: number): void {
  try {
    for (;;) writeSync(fd, 'x');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
  }
}
