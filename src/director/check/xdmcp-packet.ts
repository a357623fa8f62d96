// Whether a display manager is willing to manage a display (X Display Manager Control Protocol 1.1, "Packets").
import { quoted } from './quoted.ts';

const VERSION = 1;
const WILLING = 5;
const UNWILLING = 6;
const HEAD_LENGTH = 6;

/** Query: version, operation, length, and no names of authentications. */
export const XDMCP_QUERY = Uint8Array.of(0, VERSION, 0, 2, 0, 1, 0);

export interface XdmcpAnswer {
  readonly isWilling: boolean;
  /** What it says of itself, in quotes. */
  readonly status: string;
  /** Average of a minute, where the status tells it. */
  readonly load: number | null;
}

/** Null for what is not the answer to a query. */
export function readXdmcp(answer: Uint8Array): XdmcpAnswer | null {
  if (answer.length < HEAD_LENGTH) return null;
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  const operation = view.getUint16(2);
  const isWilling = operation === WILLING;
  const end = HEAD_LENGTH + view.getUint16(4);
  if (view.getUint16(0) !== VERSION || end !== answer.length || !(isWilling || operation === UNWILLING))
    return null;
  const texts: string[] = [];
  for (let at = HEAD_LENGTH; at < end; ) {
    const begin = at + 2;
    if (begin > end) return null;
    at = begin + view.getUint16(at);
    if (at > end) return null;
    texts.push(String.fromCharCode(...answer.subarray(begin, at).subarray(0, 500)));
  }
  // Name of an authentication (if willing), of the host, and the status.
  if (texts.length !== (isWilling ? 3 : 2)) return null;
  const status = texts.at(-1)!;
  const load = /\bload(?: averages?)?\s*[:=]?\s*(\d{1,6}(?:\.\d{1,6})?)/i.exec(status);
  return { isWilling, status: quoted(status), load: load && Number(load[1]) };
}
