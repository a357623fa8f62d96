// Where we differ from the RFCs on purpose: the complete list, with the reason for each.
//
// Settable below:
// - RFC 3768, 7.1: other intervals; RFC 3768, 6.4.3: losing advertisements.
// Not settable:
// - RFC 9568, 7.3 and 6.4.3: virtual addresses are answered with the interface's own MAC, not with the virtual one, and so source MACs
//   are the interface's too, as keepalived does without `use_vmac`; gratuitous ARP on every takeover moves the traffic instead.
// - RFC 9568, 5.2.8: version 3 on IPv4 starts with the checksum keepalived sends (pseudo-header), because keepalived discards the other
//   one, and changes to the RFC's as soon as a peer uses that. Both are understood.
// - RFC 9568, 6.1: Accept_Mode is on unless `no_accept` is set, as keepalived users expect of a director's virtual addresses.
// - RFC 9568, 6.4.3: an advertisement that comes from our own address (a bridge that reflects, a duplicated address) takes no part in
//   the election; answering it at once would answer ourselves for ever.

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
}

export const OUR_DEVIATIONS: Deviations = { acceptOtherIntervals: true, answerLosingAdvertisement: true };

export const NO_DEVIATIONS: Deviations = { acceptOtherIntervals: false, answerLosingAdvertisement: false };
