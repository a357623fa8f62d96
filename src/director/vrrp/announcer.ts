// Sends gratuitous ARP out of any interface through one packet socket (packet(7)).
import { AF_PACKET, ETH_P_ARP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform, Socket } from '../../platform/platform.ts';
import { ETHERNET_BROADCAST, gratuitousArp } from './garp.ts';

/** Rounds of one announcement, as keepalived's garp_master_repeat: one lost frame must not cost a takeover. */
const ROUNDS = 5;

export interface Announcement {
  /** Kernel index. */
  readonly interface: number;
  /** The interface's MAC. */
  readonly hardware: Uint8Array;
  /** IPv4 */
  readonly address: Uint8Array;
}

export class Announcer {
  readonly #socket: Socket;

  /** Throws a SystemError. */
  constructor(platform: Platform) {
    // Protocol 0: this socket receives nothing. SOCK_DGRAM: the kernel writes the Ethernet header.
    this.#socket = platform.socket(AF_PACKET, SOCK_DGRAM, 0);
  }

  /** Every address once before any of them again. Throws a SystemError. Interfaces that have no Ethernet MAC are left out. */
  announce(announcements: readonly Announcement[]): void {
    const packets = announcements
      .filter(({ hardware }) => hardware.length === 6)
      .map(announcement => ({
        data: gratuitousArp(announcement.address, announcement.hardware),
        to: {
          family: 'packet',
          protocol: ETH_P_ARP,
          interface: announcement.interface,
          hardware: ETHERNET_BROADCAST,
        } as const,
      }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const { data, to } of packets) this.#socket.send(data, to);
    }
  }
}
