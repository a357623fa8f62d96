// Words that are read already but have no effect yet: they are refused until it is there. Whoever lands an effect takes its words out.
import { shorten } from './characters.ts';
import { keepalivedKeywords } from './keepalived-keywords.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';

/** Words by the block they stand in; '' is the top level. For lines that are no statements: the options in them. */
export type Pending = Readonly<Record<string, readonly string[]>>;

export const PENDING: Pending = {
  '': ['linkbeat_interfaces', 'track_file', 'vrrp_script', 'vrrp_track_process'],
  global_defs: [
    'lvs_sync_daemon',
    'fifo_write_vrrp_states_on_reload',
    'no_email_faults',
    'notification_email',
    'notification_email_from',
    'notify_fifo',
    'notify_fifo_script',
    'script_user',
    'smtp_alert',
    'smtp_alert_vrrp',
    'smtp_connect_timeout',
    'smtp_helo_name',
    'smtp_server',
    'vrrp_notify_fifo',
    'vrrp_notify_fifo_script',
    'vrrp_notify_priority_changes',
    'vmac_prefix',
    'vrrp_garp_extra_if',
    'vrrp_mcast_group4',
    'vrrp_mcast_group6',
  ],
  vrrp_instance: [
    'virtual_routes',
    'virtual_rules',
    'lvs_sync_daemon_interface',
    'notify',
    'notify_backup',
    'notify_fault',
    'notify_master',
    'notify_priority_changes',
    'notify_stop',
    'smtp_alert',
    'notify_deleted',
    'notify_master_rx_lower_pri',
    'dont_track_primary',
    'garp_extra_if',
    'linkbeat_use_polling',
    'mcast_dst_ip',
    'mcast_src_ip',
    'track_file',
    'track_process',
    'track_script',
    'track_service',
    'track_src_ip',
    'unicast_peer',
    'unicast_src_ip',
    'unicast_ttl',
    'use_vmac',
    'virtual_ipaddress_excluded',
    'vmac_xmit_base',
  ],
  vrrp_sync_group: [
    'notify',
    'notify_backup',
    'notify_fault',
    'notify_master',
    'notify_priority_changes',
    'notify_stop',
    'smtp_alert',
    'track_file',
    'track_process',
    'track_script',
    'track_service',
  ],
  // IPv6 stands for addresses of that family.
  virtual_ipaddress: ['IPv6', 'brd', 'broadcast', 'label', 'no_track', 'scope'],
};

/** An error when word `index` of the statement is pending in `block`. It is read all the same: what else is wrong is told as well. */
export function refusePending(
  statement: Statement,
  index: number,
  block: string,
  name: string,
  reading: Reading,
): void {
  if (reading.pending[block]?.includes(name) !== true) return;
  const word = shorten(statement.words[index]!);
  const knows =
    keepalivedKeywords().has(name) || index > 0 ? `${word} is known to keepalived, but` : `${word} is`;
  reading.error(statement, index, `${knows} not supported by this version`, 'delete it');
}
