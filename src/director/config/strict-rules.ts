// What `strict_mode` and `vrrp_strict` forbid: keepalived's list in keepalived.conf(5) under vrrp_strict.
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { type AddressLine, isLinkLocal } from './virtual-address.ts';
import type { Mode } from './vrrp-election.ts';
import type { InstanceValues } from './vrrp-instance.ts';

/** Complains of what is not in the RFCs. `values` are those of the instance itself. */
export function checkStrictness(
  values: InstanceValues,
  { version }: Mode,
  addresses: readonly AddressLine[],
  statement: Statement,
  reading: Reading,
): void {
  const refusals: readonly (readonly [keyword: string, isAgainst: boolean, reason: string])[] = [
    ['unicast_peer', values.unicast_peer !== undefined, 'advertisements go to the multicast group'],
    ['authentication', values.authentication !== undefined, 'there are no passwords'],
    ['auth_hmac', values.auth_hmac?.values.mode === 'permissive', 'mode must be enforce'],
    ['preempt_delay', (values.preempt_delay ?? 0) > 0, 'there is no delay before a takeover'],
    ['accept', values.accept === true && version === 2, 'version 2 has no accept mode'],
    ['garp_master_refresh', (values.garp_master_refresh ?? 0) > 0, 'neighbours are told once'],
    ['garp_master_repeat', (values.garp_master_repeat ?? 1) > 1, 'neighbours are told once'],
    ['lower_prio_no_advert', values.lower_prio_no_advert === false && version === 2, 'it cannot be off'],
    ['higher_prio_send_advert', values.higher_prio_send_advert === true, 'who yields is silent'],
    ['vmac_xmit_base', values.vmac_xmit_base === true, 'advertisements come from the virtual MAC'],
    ['down_timer_adverts', (values.down_timer_adverts ?? 3) !== 3, 'it is 3'],
    ['state', values.state === 'MASTER' && values.priority !== 255, 'the owner alone starts as master'],
    ['state', values.state === 'BACKUP' && values.priority === 255, 'the owner starts as master'],
  ];
  for (const [keyword, isAgainst, reason] of refusals) {
    if (!isAgainst) continue;
    const place = placeOf(statement, keyword);
    reading.error(place, 0, `${keyword} against strict_mode: ${reason}`, `delete ${keyword} or strict_mode`);
  }
  const first = addresses[0]?.address;
  if (first?.includes(':') && !isLinkLocal(first)) {
    const message = 'strict_mode wants a link-local virtual address (RFC 9568 section 5.2.9)';
    reading.error(placeOf(statement, 'virtual_ipaddress'), 0, message, 'add, for example: fe80::100/64');
  }
}
