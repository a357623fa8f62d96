// The keywords of `global_defs` that hold for all VRRP instances.
import { globalAnnouncementKeywords } from './announcement.ts';
import { refused, withoutEffect } from './answers.ts';
import { integer, interfaceName, multicast, seconds, text } from './types.ts';
import { deprecated, flag, toggle, value, valueOr } from './vocabulary.ts';
import { checksumKeyword } from './vrrp-transport.ts';

/** The longest that keepalived takes: 32 bits of microseconds. */
const LONGEST_STARTUP_DELAY = 4294;

export const globalVrrpKeywords = () => ({
  vrrp_version: valueOr(integer(2, 3, '2|3'), '2', {
    help: 'VRRP version of instances that name none.',
    example: 'vrrp_version 3',
  }),
  vrrp_strict: flag({
    help: 'As strict_mode, for all instances.',
    example: 'vrrp_strict',
  }),
  vrrp_checksum: checksumKeyword(),
  v3_checksum_as_v2: toggle({
    help: 'The same as vrrp_checksum rfc9568; off as vrrp_checksum keepalived.',
    example: 'v3_checksum_as_v2',
  }),
  vrrp_mcast_group4: value(multicast, {
    help: 'Multicast group of IPv4 instances; 224.0.0.18 unless set.',
    example: 'vrrp_mcast_group4 224.0.0.18',
  }),
  vrrp_mcast_group6: value(multicast, {
    help: 'Multicast group of IPv6 instances; ff02::12 unless set.',
    example: 'vrrp_mcast_group6 ff02::12',
  }),
  vrrp_check_unicast_src: flag({
    help: 'As check_unicast_src, for all instances.',
    example: 'vrrp_check_unicast_src',
  }),
  vrrp_down_timer_adverts: value(integer(1, 100), {
    help: 'As down_timer_adverts, for instances that set none.',
    example: 'vrrp_down_timer_adverts 3',
  }),
  vrrp_lower_prio_no_advert: toggle({
    help: 'As lower_prio_no_advert, for instances that do not say.',
    example: 'vrrp_lower_prio_no_advert',
  }),
  vrrp_higher_prio_send_advert: toggle({
    help: 'As higher_prio_send_advert, for instances that do not say.',
    example: 'vrrp_higher_prio_send_advert',
  }),
  vrrp_owner_ignore_adverts: toggle({
    help: 'As owner_ignore_adverts, for instances that do not say.',
    example: 'vrrp_owner_ignore_adverts',
  }),
  ...globalAnnouncementKeywords(),
  vrrp_startup_delay: value(seconds(0, LONGEST_STARTUP_DELAY), {
    help: 'Seconds after the start of the director until instances start.',
    example: 'vrrp_startup_delay 5',
  }),
  vrrp_delay_after_boot: refused(
    'vrrp_delay_after_boot 60',
    'write vrrp_startup_delay: the director starts when the board does',
  ),
  vmac_prefix: value(interfaceName, {
    help: 'What names of virtual MAC interfaces start with; vrrp unless set.',
    example: 'vmac_prefix vrrp',
  }),
  vmac_addr_prefix: withoutEffect('vmac_addr_prefix vrrp', 'no virtual MACs are made on other interfaces'),
  default_interface: value(interfaceName, {
    help: 'Interface of static addresses that name none; eth0 unless set.',
    example: 'default_interface eth0',
  }),
  linkbeat_use_polling: flag({
    help: 'As linkbeat_interfaces, for the interfaces of all instances and all that are tracked.',
    example: 'linkbeat_use_polling',
  }),
  vrrp_skip_check_adv_addr: withoutEffect(
    'vrrp_skip_check_adv_addr',
    'advertisements with other addresses are heard and reported in any case',
  ),
  dynamic_interfaces: withoutEffect(
    'dynamic_interfaces',
    'interfaces may come and go in any case; an instance without its interface is in FAULT',
  ),
  log_unknown_vrids: withoutEffect('log_unknown_vrids', 'groups of others are none of our business'),
  disable_local_igmp: refused(
    'disable_local_igmp',
    'delete it: the board sends IGMP reports as every host, which switches want',
  ),
  router_id: value(text('NAME'), {
    help: 'Name of this director in messages; the host name unless set.',
    example: 'router_id director1',
  }),
  // Of keepalived before 1.0.
  lvs_id: deprecated('router_id'),
});
