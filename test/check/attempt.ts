// A check under way over a fake platform, with its results so far.
import { createProbe } from '../../src/director/check/probe.ts';
import type { CheckResult } from '../../src/director/check/state.ts';
import type { CheckConfig, CheckTiming } from '../../src/director/config/config.ts';
import { createFake, type FakePlatform, type FakeSocket } from '../../src/platform/fake.ts';

export const TIMING: CheckTiming = {
  connectAddress: '192.0.2.7',
  connectPort: 8080,
  connectTimeout: 5000,
  interval: 6000,
  retries: 0,
  delayBeforeRetry: 1000,
};

export interface Attempt {
  readonly platform: FakePlatform;
  readonly results: readonly CheckResult[];
  cancel(): void;
  /** The one opened last. */
  socket(): FakeSocket;
}

/** `onSocket` sees each socket before the check does. */
export function begin(
  check: CheckConfig,
  onSocket: (socket: FakeSocket) => void = () => {},
  files: Readonly<Record<string, string>> = {},
): Attempt {
  const platform = createFake({ onSocket, files });
  const results: CheckResult[] = [];
  const cancel = createProbe(platform)(check, result => results.push(result));
  if (results.length > 0) throw new Error('a result before the attempt was under way');
  platform.clock.settle();
  return { platform, results, cancel, socket: () => platform.sockets.at(-1)! };
}

/** With a connection that stands at once, as datagram sockets have it. */
export function beginConnected(check: CheckConfig): Attempt {
  return begin(check, socket => {
    socket.connecting = 'at once';
  });
}

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, each => each.charCodeAt(0));

/** All that was sent, each byte as a character. */
export function sent(socket: FakeSocket): string {
  return socket.sent.map(({ data }) => String.fromCharCode(...data)).join('');
}
