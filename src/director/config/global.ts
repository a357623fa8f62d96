// `global_defs { }`: what holds for the whole director.
import type { GlobalConfig } from './config.ts';
import { integer, text } from './types.ts';
import { block, noArguments, value, valueOr } from './vocabulary.ts';

export type VrrpVersion = 2 | 3;

/** What the block says, with the version that instances take when they name none. */
export interface Globals extends GlobalConfig {
  readonly vrrpVersion: VrrpVersion | null;
}

export const DEFAULT_VRRP_VERSION: VrrpVersion = 2;

const keywords = {
  router_id: value(text('NAME'), {
    help: 'Name of this director in messages; the host name unless set.',
    example: 'router_id director1',
  }),
  vrrp_version: valueOr(integer(2, 3, '2|3'), String(DEFAULT_VRRP_VERSION), {
    help: 'VRRP version of instances that name none.',
    example: 'vrrp_version 3',
  }),
};

export const globalDefs = block({
  usage: '{ ... }',
  help: 'Settings of the whole director.',
  example: 'global_defs { ... }',
  keywords: () => keywords,
  header: noArguments,
  finish: (_, values): Globals => ({
    routerId: values.router_id ?? null,
    vrrpVersion: (values.vrrp_version as VrrpVersion | undefined) ?? null,
  }),
});
