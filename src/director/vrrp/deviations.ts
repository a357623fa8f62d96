// Where we differ from the RFCs on purpose: the complete list, with the reason for each. README.md has it in a user's words.
//
// Below; `strict_mode` (`vrrp_strict`) turns them off:
// - RFC 3768, 7.1: other intervals; RFC 3768, 6.4.3: losing advertisements; RFC 9568, 5.2.8: the checksum of version 3 on IPv4.
// By what is configured, one by one:
// - RFC 9568, 7.2, 7.3 and 6.4.3: the virtual MAC is used with `use_vmac` only. Without it virtual addresses are answered with the MAC of
//   the interface, as keepalived does, and gratuitous ARP moves the traffic.
// - RFC 9568, 6.1: Accept_Mode is on unless `no_accept` or `strict_mode` is set, as users of keepalived expect.
// - RFC 9568, 6.4.3: `lower_prio_no_advert`, `higher_prio_send_advert`; 6.4.2: `preempt_delay`, `vrrp_sync_group` (a member waits for the
//   others); 6.1: `down_timer_adverts`; erratum 8298: `owner_ignore_adverts`; 5.1.1.3: `unicast_peer` with a range of TTLs; 5.1.1.2:
//   `unicast_peer`, `mcast_dst_ip`; 5.2.4: trackers change the priority of a running instance.
// Always:
// - RFC 9568, 6.4.3: an advertisement that comes from our own address (a bridge that reflects, a duplicated address) takes no part in
//   the election; answering it at once would answer ourselves for ever.
// - RFC 9568, 6.4.2: a director that has just started preempts nobody until it knows which real servers are up, and none that lost its
//   vrrp process does for 30 s; owners excepted. A master that serves is better than one that cannot yet.

export interface Deviations {
  /**
   * RFC 3768, 7.1 discards version 2 advertisements whose interval is not our own, so two directors that are configured
   * differently (as they are for a moment during every change) both become master. We take part in the election with
   * them, wait on the master's interval as version 3 does, and report the difference.
   */
  readonly acceptOtherIntervals: boolean;
  /**
   * RFC 3768, 6.4.3 lets a version 2 master ignore an advertisement that loses against it; the other one hears of it up to
   * an interval later. We answer at once, as RFC 9568 (and keepalived) does.
   */
  readonly answerLosingAdvertisement: boolean;
  /**
   * RFC 9568, 5.2.8 sums the message alone on IPv4. keepalived sums a pseudo-header too and discards what the RFC says, so
   * `vrrp_checksum auto` starts with keepalived's and changes to the RFC's as soon as a peer uses that. Both are understood.
   */
  readonly startWithPseudoHeader: boolean;
}

export const OUR_DEVIATIONS: Deviations = {
  acceptOtherIntervals: true,
  answerLosingAdvertisement: true,
  startWithPseudoHeader: true,
};

export const NO_DEVIATIONS: Deviations = {
  acceptOtherIntervals: false,
  answerLosingAdvertisement: false,
  startWithPseudoHeader: false,
};
