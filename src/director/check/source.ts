// Sockets for checks: from the address, port and interface and with the mark that the configuration asks for.
import {
  AF_INET,
  AF_INET6,
  SO_BINDTODEVICE,
  SO_LINGER,
  SO_MARK,
  SO_REUSEADDR,
  SOL_SOCKET,
} from '../../platform/linux.ts';
import type { Platform, Socket, SocketAddress } from '../../platform/platform.ts';
import { familyOf, parseAddress } from '../address.ts';
import type { CheckSource, CheckTiming } from '../config/config.ts';

/** struct linger of socket(7): on, 0 s. */
const RESET_ON_CLOSE = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);

/** A socket that is not connected yet. Throws a SystemError. */
export function openSocket(
  platform: Pick<Platform, 'socket'>,
  { connectAddress, source }: CheckTiming,
  type: number,
  protocol: number,
): Socket {
  const family = familyOf(connectAddress);
  const socket = platform.socket(family === 4 ? AF_INET : AF_INET6, type, protocol);
  if (source !== undefined) prepare(socket, source, family);
  return socket;
}

/** The platform as `dial` is to see it: with sockets of this source. */
export function leavingFrom(platform: Platform, source: CheckSource | undefined): Platform {
  if (source === undefined) return platform;
  return {
    ...platform,
    socket(family, type, protocol) {
      const socket = platform.socket(family, type, protocol);
      prepare(socket, source, family === AF_INET ? 4 : 6);
      return socket;
    },
  };
}

/** Where a check connects to. */
export function destinationOf({ connectAddress, connectPort }: CheckTiming): SocketAddress {
  return socketAddress(parseAddress(connectAddress)!, connectPort);
}

function prepare(socket: Socket, source: CheckSource, family: 4 | 6): void {
  try {
    // The interface first: it tells the kernel what a link-local address belongs to.
    if (source.interface !== undefined) {
      socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${source.interface}\0`));
    }
    if (source.mark !== undefined) socket.setOption(SOL_SOCKET, SO_MARK, source.mark);
    if (source.address === undefined && source.port === undefined) return;
    if (source.port !== undefined) {
      socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1);
      // Else the port would wait for a minute after each connection.
      socket.setOption(SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
    }
    const unspecified = new Uint8Array(family === 4 ? 4 : 16);
    const address = source.address === undefined ? unspecified : parseAddress(source.address)!;
    socket.bind(socketAddress(address, source.port ?? 0));
  } catch (error) {
    socket.close();
    throw error;
  }
}

function socketAddress(address: Uint8Array, port: number): SocketAddress {
  if (address.length === 4) return { family: 'inet', address, port };
  return { family: 'inet6', address, port, scope: 0 };
}
