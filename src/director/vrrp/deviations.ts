// Where we differ from the RFCs on purpose: the complete list, with the reason for each.
//
// Settable below; `strict_mode` (`vrrp_strict`) turns them off:
// - RFC 3768, 7.1: other intervals; RFC 3768, 6.4.3: losing advertisements; RFC 9568, 5.2.8: the checksum of version 3 on IPv4.
// Settable one by one, off unless configured:
// - RFC 9568, 6.4.3: `lower_prio_no_advert`, `higher_prio_send_advert`; 6.4.2: `preempt_delay`; 6.1: `down_timer_adverts`; erratum 8298:
//   `owner_ignore_adverts`; 5.1.1.3: `unicast_peer` with a range of TTLs.
// Not settable:
// - RFC 9568, 7.3 and 6.4.3: without `use_vmac` virtual addresses are answered with the interface's own MAC, not with the virtual one, and
//   so source MACs are the interface's too, as keepalived does; gratuitous ARP on every takeover moves the traffic instead.
// - RFC 9568, 6.1: Accept_Mode is on unless `no_accept` is set, as keepalived users expect of a director's virtual addresses.
// - RFC 9568, 6.4.3: an advertisement that comes from our own address (a bridge that reflects, a duplicated address) takes no part in
//   the election; answering it at once would answer ourselves for ever.
// - RFC 9568, 5.2.4 and 6.1: the priority is a variable: trackers change it while an instance runs, and that is told at once.

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
