// The FIFOs of a configuration: those that stay in it stay open.
import type { Platform } from '../../platform/platform.ts';
import type { FifoConfig } from '../config/vrrp-config.ts';
import type { Log } from '../log.ts';
import type { Commands } from '../system/commands.ts';
import { type Fifo, openFifo } from './fifo.ts';

export interface Fifos {
  configure(configs: readonly FifoConfig[]): void;
  /** Whether one is about this. */
  hears(about: 'vrrp' | 'lvs'): boolean;
  /** To all that are about this. */
  write(about: 'vrrp' | 'lvs', line: string): void;
  /** To those that want all states of VRRP again when a configuration was loaded. */
  repeat(line: string): void;
  close(): Promise<unknown>;
}

export function createFifos(platform: Platform, commands: Commands, log: Log): Fifos {
  let fifos: readonly { readonly config: FifoConfig; readonly fifo: Fifo }[] = [];
  return {
    configure(configs) {
      const before = [...fifos];
      const isSame = (one: FifoConfig, other: FifoConfig) => JSON.stringify(one) === JSON.stringify(other);
      for (const each of before) if (!configs.some(next => isSame(next, each.config))) each.fifo.close();
      fifos = configs.map(
        next =>
          before.find(each => isSame(each.config, next)) ?? {
            config: next,
            fifo: openFifo(platform, commands, next, log),
          },
      );
    },
    hears: about => fifos.some(({ config }) => (config.about ?? about) === about),
    write(about, line) {
      for (const { config, fifo } of fifos) if ((config.about ?? about) === about) fifo.write(line);
    },
    repeat(line) {
      for (const { config, fifo } of fifos) {
        if (config.statesOnReload && config.about !== 'lvs') fifo.write(line);
      }
    },
    close: () => Promise.all(fifos.map(({ fifo }) => fifo.close())),
  };
}
