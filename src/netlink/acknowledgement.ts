// The kernel's verdict on a request: NLMSG_ERROR (struct nlmsgerr, with extended acknowledgement) and the end of a dump.
import { errorName, NetlinkError } from './errors.ts';
import { Attributes, type Message, read32 } from './reader.ts';

/** linux/netlink.h: flags of an NLMSG_ERROR message. */
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;

/** The error an NLMSG_ERROR message carries; null when it is an acknowledgement. */
export function acknowledgement(message: Message): NetlinkError | null {
  if (message.payload.length < 20) throw new NetlinkError('EBADMSG', 'error message is cut off');
  const errno = -(read32(message.payload, 0) | 0);
  if (errno === 0) return null;
  // Behind the number stands the header of the refused message, and the message itself unless it was capped.
  const refused = message.flags & NLM_F_CAPPED ? 16 : Math.max(16, read32(message.payload, 4));
  return failure(errno, message, 4 + ((refused + 3) & ~3));
}

/** The error that ended a dump, from its NLMSG_DONE; null when it is complete. */
export function dumpResult(message: Message): NetlinkError | null {
  if (message.payload.length < 4) return null;
  const errno = -(read32(message.payload, 0) | 0);
  return errno === 0 ? null : failure(errno, message, 4);
}

function failure(errno: number, message: Message, attributes: number): NetlinkError {
  if (!(message.flags & NLM_F_ACK_TLVS)) return new NetlinkError(errorName(errno));
  const text = new Attributes(message.payload, attributes).text(NLMSGERR_ATTR_MSG);
  return new NetlinkError(errorName(errno), text ?? undefined);
}
