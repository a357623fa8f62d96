// Connections as a check wants them: plain, or with TLS from the beginning or from the moment when its protocol asks for it.
import type { CheckTiming } from './config/config.ts';
import { type Dial, dial } from './dial.ts';

/** How to connect for this check. */
export function dialFor({ tls }: Pick<CheckTiming, 'tls'>): Dial {
  if (tls === undefined) return dial;
  return (platform, _callee, _connected, done) => {
    const timer = platform.after(0, () => done({ ok: false, reason: 'this director speaks no TLS' }));
    return () => timer.cancel();
  };
}
