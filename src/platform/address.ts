// Socket addresses as the kernel takes them: SocketAddress <-> the bytes of struct sockaddr (unix(7), ip(7), ipv6(7), netlink(7),
// packet(7)). The boards and the workstations that run this are little-endian.
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX } from './linux.ts';
import type { SocketAddress } from './platform.ts';

/** Longest path of a unix socket in bytes (sun_path without its NUL). */
const LONGEST_PATH = 107;

/** The struct sockaddr for `address`. Throws a RangeError for a part that does not fit its field. */
export function encodeAddress(address: SocketAddress): Uint8Array {
  switch (address.family) {
    case 'inet': {
      const { bytes, view } = structure(AF_INET, 16);
      view.setUint16(2, port(address.port));
      bytes.set(exactly(address.address, 4), 4);
      return bytes;
    }
    case 'inet6': {
      const { bytes, view } = structure(AF_INET6, 28);
      view.setUint16(2, port(address.port));
      bytes.set(exactly(address.address, 16), 8);
      view.setUint32(24, address.scope, true);
      return bytes;
    }
    case 'unix':
      return encodePath(address.path);
    case 'netlink': {
      const { bytes, view } = structure(AF_NETLINK, 12);
      view.setUint32(4, address.port, true);
      view.setUint32(8, address.groups, true);
      return bytes;
    }
    case 'packet': {
      const { bytes, view } = structure(AF_PACKET, 20);
      if (address.hardware.length > 8) {
        throw new RangeError(`a hardware address of ${address.hardware.length} bytes, at most 8 fit`);
      }
      view.setUint16(2, address.protocol);
      view.setInt32(4, address.interface, true);
      bytes[11] = address.hardware.length;
      bytes.set(address.hardware, 12);
      return bytes;
    }
  }
}

/** What a struct sockaddr says; null when it is empty, cut off or of a family that the director does not use. */
export function decodeAddress(bytes: Uint8Array): SocketAddress | null {
  if (bytes.length < 2) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (view.getUint16(0, true)) {
    case AF_INET:
      if (bytes.length < 8) return null;
      return { family: 'inet', port: view.getUint16(2), address: bytes.slice(4, 8) };
    case AF_INET6:
      if (bytes.length < 28) return null;
      return {
        family: 'inet6',
        port: view.getUint16(2),
        address: bytes.slice(8, 24),
        scope: view.getUint32(24, true),
      };
    case AF_UNIX:
      return { family: 'unix', path: decodePath(bytes.subarray(2)) };
    case AF_NETLINK:
      if (bytes.length < 12) return null;
      return { family: 'netlink', port: view.getUint32(4, true), groups: view.getUint32(8, true) };
    case AF_PACKET: {
      const length = bytes[11] ?? 0;
      if (bytes.length < 12 + length) return null;
      return {
        family: 'packet',
        protocol: view.getUint16(2),
        interface: view.getInt32(4, true),
        hardware: bytes.slice(12, 12 + length),
      };
    }
    default:
      return null;
  }
}

/** The AF_ number of an address. */
export function familyNumber(address: SocketAddress): number {
  return { inet: AF_INET, inet6: AF_INET6, unix: AF_UNIX, netlink: AF_NETLINK, packet: AF_PACKET }[
    address.family
  ];
}

function structure(family: number, length: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, true);
  return { bytes, view };
}

function port(number: number): number {
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new RangeError(`port ${number} is not in 0..65535`);
  }
  return number;
}

function exactly(address: Uint8Array, length: number): Uint8Array {
  if (address.length === length) return address;
  throw new RangeError(`an address of ${address.length} bytes where ${length} are needed`);
}

// A path that begins with NUL is a name in the abstract space and has no closing NUL.
function encodePath(path: string): Uint8Array {
  const text = new TextEncoder().encode(path);
  if (text.length === 0) throw new RangeError('an empty socket path');
  if (text.length > LONGEST_PATH) {
    throw new RangeError(`the socket path ${path} has ${text.length} bytes, at most ${LONGEST_PATH} fit`);
  }
  const { bytes } = structure(AF_UNIX, 2 + text.length + (text[0] === 0 ? 0 : 1));
  bytes.set(text, 2);
  return bytes;
}

function decodePath(bytes: Uint8Array): string {
  const end = bytes[0] === 0 ? -1 : bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
