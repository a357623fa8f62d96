// Tells the neighbours where virtual addresses are, out of any interface through one packet socket (packet(7)): gratuitous ARP and
// unsolicited neighbour advertisements, paced, so that hundreds of them neither flood a switch nor keep the loop from its timers.
import { AF_PACKET, ETH_P_ARP, ETH_P_IPV6, SOCK_DGRAM } from '../../platform/linux.ts';
import { isSystemError, type Platform, type Socket, type SocketAddress } from '../../platform/platform.ts';
import { ETHERNET_BROADCAST, gratuitousArp } from './garp.ts';
import { ALL_NODES_HARDWARE, unsolicitedAdvertisement } from './neighbour-advertisement.ts';

/** Packets sent in one go where no interval is configured, and the milliseconds until the next ones. */
const BURST = 32;
const PAUSE = 2;
/** Milliseconds until a packet that the interface could not take is tried again. */
const RETRY = 10;

export interface Announcement {
  /** Kernel index. */
  readonly interface: number;
  /** The MAC it is at: of the interface, or the virtual one. */
  readonly hardware: Uint8Array;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
}

/** Least milliseconds between two packets of a kind on an interface; 0: none. */
export interface Pacing {
  readonly arpInterval: number;
  readonly naInterval: number;
}

/** Whoever has addresses announced: an instance. */
export interface Announcing {
  trouble(text: string): void;
}

interface Packet {
  readonly data: Uint8Array;
  readonly to: SocketAddress;
  /** Milliseconds until the next packet. */
  readonly interval: number;
}

/** What one instance has to say on one interface. */
interface Task {
  readonly owner: Announcing;
  packets: readonly Packet[];
  /** Including the one under way. */
  rounds: number;
  /** Position of the next packet in this round. */
  next: number;
}

export class Announcer {
  readonly #platform: Platform;
  readonly #socket: Socket;
  /** By interface; each is worked on by one chain of timers. */
  readonly #queues = new Map<number, Task[]>();

  /** Throws a SystemError. */
  constructor(platform: Platform) {
    this.#platform = platform;
    // Protocol 0: this socket receives nothing. SOCK_DGRAM: the kernel writes the Ethernet header.
    this.#socket = platform.socket(AF_PACKET, SOCK_DGRAM, 0);
  }

  /**
   * Announces every address `rounds` times, and every one once before any of them again. The first burst has left when this
   * returns. Interfaces that have no Ethernet MAC are left out. What cannot be sent is the owner's trouble. What the owner has still
   * to say there becomes part of it: with slow pacing and many addresses it would pile up else.
   */
  announce(owner: Announcing, announcements: readonly Announcement[], rounds: number, pacing: Pacing): void {
    const byInterface = new Map<number, Packet[]>();
    for (const announcement of announcements) {
      if (announcement.hardware.length !== 6) continue;
      const packet = packetFor(announcement, pacing);
      const packets = byInterface.get(announcement.interface);
      if (packets === undefined) byInterface.set(announcement.interface, [packet]);
      else packets.push(packet);
    }
    for (const [index, packets] of byInterface) {
      const queue = this.#queues.get(index);
      const unsaid = queue?.find(task => task.owner === owner && task.rounds > 0);
      const task: Task = { owner, packets, rounds, next: 0 };
      if (unsaid !== undefined) extend(unsaid, packets, rounds);
      else if (queue !== undefined) queue.push(task);
      else {
        this.#queues.set(index, [task]);
        this.#send(index);
      }
    }
  }

  /** Says no more for `owner`: it has not the addresses any longer. */
  cancel(owner: Announcing): void {
    for (const queue of this.#queues.values()) {
      for (const task of queue) if (task.owner === owner) task.rounds = 0;
    }
  }

  /** Sends what may be sent now, and comes back for the rest. */
  #send(index: number): void {
    const wait = this.#burst(this.#queues.get(index)!);
    if (wait === null) this.#queues.delete(index);
    else this.#platform.after(wait, () => this.#send(index));
  }

  /** Milliseconds until the next packets may leave; null when nothing is left to say. */
  #burst(queue: Task[]): number | null {
    for (let sent = 0; queue.length > 0; sent++) {
      const task = queue[0]!;
      if (task.rounds <= 0) {
        queue.shift();
        continue;
      }
      if (sent >= BURST) return PAUSE;
      const packet = task.packets[task.next]!;
      if (!this.#attempt(task, packet)) return RETRY;
      advance(queue, task);
      if (packet.interval > 0) return packet.interval;
    }
    return null;
  }

  /** False when the packet is to be tried again; what fails for good takes its task along. */
  #attempt(task: Task, { data, to }: Packet): boolean {
    try {
      return this.#socket.send(data, to) !== null;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'ENOBUFS') return false;
      task.rounds = 0;
      task.owner.trouble(`cannot announce the addresses: ${error.message}`);
      return true;
    }
  }
}

/** The round under way goes on, with these packets; it counts only if it has just begun. */
function extend(task: Task, packets: readonly Packet[], rounds: number): void {
  task.packets = packets;
  if (task.next >= packets.length) task.next = 0;
  task.rounds = Math.max(task.rounds, task.next === 0 ? rounds : rounds + 1);
}

/** On to the next packet; behind its last one a round makes way for the other instances. */
function advance(queue: Task[], task: Task): void {
  task.next += 1;
  if (task.next < task.packets.length) return;
  task.next = 0;
  task.rounds -= 1;
  queue.shift();
  if (task.rounds > 0) queue.push(task);
}

function packetFor({ interface: index, hardware, address }: Announcement, pacing: Pacing): Packet {
  const isIpv4 = address.length === 4;
  return {
    data: isIpv4 ? gratuitousArp(address, hardware) : unsolicitedAdvertisement(address, hardware),
    to: {
      family: 'packet',
      protocol: isIpv4 ? ETH_P_ARP : ETH_P_IPV6,
      interface: index,
      hardware: isIpv4 ? ETHERNET_BROADCAST : ALL_NODES_HARDWARE,
    },
    interval: isIpv4 ? pacing.arpInterval : pacing.naInterval,
  };
}
