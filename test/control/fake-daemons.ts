// A kernel that knows nothing but the sync daemons of IPVS.
import { type KernelDaemon, newDaemon } from '../../src/netlink/ipvs/daemon.ts';
import { Attributes, type Message } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import type { Reply } from '../netlink/kernel.ts';

const FAMILY = 0x21;
const ESRCH = 3;
const EEXIST = 17;
const EINVAL = 22;

/** The daemons as the kernel keeps them: at most one of each state, with its choices filled in. */
export class FakeDaemons {
  readonly running = new Map<number, Uint8Array>();
  present = true;
  /** The interface has no address yet. */
  refuse = false;

  handle(request: Message): Reply {
    if (request.type === 16) {
      if (!this.present) return { errno: 2 };
      return { data: [new MessageWriter(16, 0).put32(0x0201).u16(1, FAMILY).finish()] };
    }
    const command = request.payload[0]!;
    if (command === 11) return { data: [...this.running.values()] };
    const state = new Attributes(request.payload, 4).nested(3)!.u32(1)!;
    if (command === 10) return { errno: this.running.delete(state) ? 0 : ESRCH };
    if (this.refuse) return { errno: EINVAL };
    if (this.running.has(state)) return { errno: EEXIST };
    this.running.set(state, answer(request.payload.slice(4)));
    return {};
  }

  /** As `ipvsadm --start-daemon` by somebody. */
  start(daemon: KernelDaemon): void {
    this.running.set(daemon.state === 'master' ? 1 : 2, answer(newDaemon(FAMILY, daemon).slice(20)));
  }

  get states(): number[] {
    return [...this.running.keys()].sort();
  }
}

/** IPVS_CMD_NEW_DAEMON with the attributes of a request. */
function answer(attributes: Uint8Array): Uint8Array {
  const message = new MessageWriter(FAMILY, 0).put32(0x0109);
  for (let at = 0; at < attributes.length; at++) message.put8(attributes[at]!);
  return message.finish();
}
