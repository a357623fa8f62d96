// ICMP echo: the request (RFC 792, RFC 4443 section 4.1) and what is the reply to it.

const TYPES = {
  4: { request: 8, reply: 0 },
  6: { request: 128, reply: 129 },
} as const;

const HEADER_LENGTH = 8;

/** `identity` is what only the reply to this request repeats: 4 bytes for the header, the others behind it. */
export function echoRequest(family: 4 | 6, identity: Uint8Array): Uint8Array {
  const message = new Uint8Array(4 + identity.length);
  message[0] = TYPES[family].request;
  message.set(identity, 4);
  // Over IPv6 the kernel computes it, as it knows the addresses that are part of it.
  if (family === 4) new DataView(message.buffer).setUint16(2, checksum(message));
  return message;
}

/** `datagram` is what a raw socket receives: over IPv4 with the IP header. */
export function isEchoReply(family: 4 | 6, datagram: Uint8Array, identity: Uint8Array): boolean {
  const start = family === 4 ? (datagram[0]! & 15) * 4 : 0;
  if (datagram.length < start + HEADER_LENGTH || datagram.length !== start + 4 + identity.length)
    return false;
  if (datagram[start] !== TYPES[family].reply || datagram[start + 1] !== 0) return false;
  return identity.every((byte, at) => datagram[start + 4 + at] === byte);
}

/** RFC 1071, of a message of even length. */
function checksum(message: Uint8Array): number {
  const view = new DataView(message.buffer);
  let sum = 0;
  for (let at = 0; at < message.length; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
