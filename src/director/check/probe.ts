// One attempt of a check, whatever its kind.
import type { Platform } from '../../platform/platform.ts';
import { probeHttp } from './http.ts';
import type { Probe } from './runner.ts';
import { probeTcp } from './tcp.ts';

export function createProbe(platform: Platform): Probe {
  return (check, done) => {
    switch (check.kind) {
      case 'TCP_CHECK':
        return probeTcp(platform, check, done);
      case 'HTTP_GET':
        return probeHttp(platform, check, done);
    }
  };
}
