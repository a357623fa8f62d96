// Generic netlink (linux/genetlink.h): families have names, and numbers that the kernel gives out.
import { Attributes, type Message } from './reader.ts';
import { MessageWriter } from './writer.ts';

/** The family that knows the others. */
const GENL_ID_CTRL = 16;
const CTRL_CMD_NEWFAMILY = 1;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

/** sizeof(struct genlmsghdr) */
export const GENERIC_HEADER = 4;

/** Starts a message of a generic family: struct genlmsghdr is its fixed part. */
export function genericMessage(
  family: number,
  command: number,
  version: number,
  flags: number,
): MessageWriter {
  return new MessageWriter(family, flags).put8(command).put8(version).put16(0);
}

/** The command of a received message; -1 when it is too short to have one. */
export function commandOf(message: Message): number {
  return message.payload[0] ?? -1;
}

/** Asks for the number of a family; refused with `ENOENT` when the kernel has none of that name. */
export function getFamily(name: string): Uint8Array {
  return genericMessage(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0).text(CTRL_ATTR_FAMILY_NAME, name).finish();
}

/** The number in the answer to `getFamily`; null for other messages. */
export function decodeFamily(message: Message): number | null {
  if (message.type !== GENL_ID_CTRL || commandOf(message) !== CTRL_CMD_NEWFAMILY) return null;
  return new Attributes(message.payload, GENERIC_HEADER).u16(CTRL_ATTR_FAMILY_ID);
}
