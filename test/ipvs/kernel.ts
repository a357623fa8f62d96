// IPVS as the kernel has it, for tests: a table behind its generic netlink family that refuses what ip_vs_ctl.c refuses.
import { Attributes, type Message } from '../../src/netlink/reader.ts';
import { MessageWriter, NLM_F_DUMP } from '../../src/netlink/writer.ts';
import { hex } from '../netlink/hex.ts';
import type { Reply } from '../netlink/kernel.ts';

const CTRL = 16;
const FAMILY = 0x21;
const ENOENT = 2;
const ESRCH = 3;
const EEXIST = 17;

interface FakeDestination {
  readonly id: string;
  readonly attributes: Uint8Array;
  readonly weight: number;
}

interface FakeService {
  attributes: Uint8Array;
  readonly destinations: Map<string, FakeDestination>;
}

export class FakeIpvs {
  readonly services = new Map<string, FakeService>();
  /** Commands that changed the table or were refused, as numbers of IPVS_CMD_*. */
  readonly commands: number[] = [];
  /** False: a kernel without IPVS. */
  present = true;
  /** Active, inactive and persistent connections of each destination, as its address and port in hexadecimal and decimal. */
  readonly connections = new Map<string, readonly [number, number, number]>();
  /** Schedulers that this kernel lacks. */
  readonly lacking = new Set<string>();

  handle(request: Message): Reply {
    if (request.type === CTRL) return this.#family();
    const command = request.payload[0]!;
    const attributes = new Attributes(request.payload, 4);
    if ((request.flags & NLM_F_DUMP) === NLM_F_DUMP) return this.#dump(command, attributes);
    this.commands.push(command);
    return { errno: this.#change(command, attributes) };
  }

  /** Live destinations of every service, by service. */
  live(): Map<string, number> {
    return new Map(
      [...this.services].map(([id, { destinations }]) => [
        id,
        [...destinations.values()].filter(({ weight }) => weight > 0).length,
      ]),
    );
  }

  #family(): Reply {
    if (!this.present) return { errno: ENOENT };
    return { data: [new MessageWriter(CTRL, 0).put32(0x0201).u16(1, FAMILY).finish()] };
  }

  #dump(command: number, attributes: Attributes): Reply {
    if (command === 4) {
      return { data: [...this.services.values()].map(service => answer(1, 1, service.attributes)) };
    }
    const service = this.services.get(serviceId(attributes.nested(1)!));
    return { data: [...(service?.destinations.values() ?? [])].map(each => answer(5, 2, this.#live(each))) };
  }

  #live({ id, attributes }: FakeDestination): Uint8Array {
    const counts = this.connections.get(id) ?? [0, 0, 0];
    const words = counts.flatMap((count, at) => [8, 0, 7 + at, 0, count & 255, count >> 8, 0, 0]);
    return Uint8Array.of(...attributes, ...words);
  }

  #change(command: number, attributes: Attributes): number {
    const id = serviceId(attributes.nested(1)!);
    const service = this.services.get(id);
    if (command === 1) return service ? EEXIST : this.#addService(id, attributes);
    if (service === undefined) return ESRCH;
    if (command === 2) return this.#setService(service, attributes);
    if (command === 3) {
      this.services.delete(id);
      return 0;
    }
    return changeDestination(service, command, attributes);
  }

  #addService(id: string, attributes: Attributes): number {
    if (this.lacking.has(attributes.nested(1)!.text(6)!)) return ENOENT;
    this.services.set(id, { attributes: attributes.bytes(1)!.slice(), destinations: new Map() });
    return 0;
  }

  #setService(service: FakeService, attributes: Attributes): number {
    if (this.lacking.has(attributes.nested(1)!.text(6)!)) return ENOENT;
    service.attributes = attributes.bytes(1)!.slice();
    return 0;
  }
}

function changeDestination(service: FakeService, command: number, attributes: Attributes): number {
  const destination = attributes.nested(2)!;
  const id = `${hex(destination.bytes(1)!)} ${destination.be16(2)}`;
  const known = service.destinations.has(id);
  if (command === 5 && known) return EEXIST;
  if (command !== 5 && !known) return ENOENT;
  if (command === 7) {
    service.destinations.delete(id);
  } else {
    service.destinations.set(id, {
      id,
      attributes: attributes.bytes(2)!.slice(),
      weight: destination.u32(4)!,
    });
  }
  return 0;
}

function serviceId(service: Attributes): string {
  const mark = service.u32(5);
  if (mark !== null) return `mark ${service.u16(1)} ${mark}`;
  return `${service.u16(1)} ${service.u16(2)} ${hex(service.bytes(3)!)} ${service.be16(4)}`;
}

function answer(command: number, attribute: number, nested: Uint8Array): Uint8Array {
  return new MessageWriter(FAMILY, 0)
    .put32(0x0100 | command)
    .bytes(attribute, nested)
    .finish();
}
