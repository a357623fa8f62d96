// Waiting for callbacks of the host, as promises.
import * as host from 'host';

/** Resolves once one of `events` holds for `fd`, with those that do. */
export function ready(fd: number, events: number): Promise<number> {
  return new Promise(resolve => {
    host.watch(fd, events, arrived => {
      host.unwatch(fd);
      resolve(arrived);
    });
  });
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => void host.setTimer(milliseconds, resolve));
}

/** Ends with the child of this pid; a child that hangs is not waited for in vain. */
export async function ended(pid: number): Promise<{ status: number; signal: number }> {
  for (let tries = 0; tries < 2000; tries++) {
    const exit = host.reap();
    if (exit?.pid === pid) return { status: exit.status, signal: exit.signal };
    await sleep(5);
  }
  throw new Error(`process ${pid} does not end`);
}

/** Everything a descriptor gives until its end. */
export async function readAll(fd: number): Promise<string> {
  const into = new Uint8Array(4096);
  let text = '';
  for (;;) {
    await ready(fd, host.READABLE);
    const received = host.receive(fd, into);
    if (received?.length === 0) return text;
    if (received) text += host.decodeUtf8(into.subarray(0, received.length));
  }
}
