// What can go wrong in a conversation with the kernel: an errno by name, with the kernel's own words when it gives them.

/** errno values of asm-generic/errno*.h that netlink families answer with, by number. */
const names: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  7: 'E2BIG',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  20: 'ENOTDIR',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  28: 'ENOSPC',
  31: 'EMLINK',
  34: 'ERANGE',
  36: 'ENAMETOOLONG',
  39: 'ENOTEMPTY',
  40: 'ELOOP',
  71: 'EPROTO',
  74: 'EBADMSG',
  75: 'EOVERFLOW',
  85: 'ERESTART',
  90: 'EMSGSIZE',
  92: 'ENOPROTOOPT',
  93: 'EPROTONOSUPPORT',
  95: 'EOPNOTSUPP',
  96: 'EPFNOSUPPORT',
  97: 'EAFNOSUPPORT',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
  100: 'ENETDOWN',
  101: 'ENETUNREACH',
  105: 'ENOBUFS',
  110: 'ETIMEDOUT',
  113: 'EHOSTUNREACH',
};

/** The symbolic name of an errno (positive), or `E<number>` for one that no netlink family uses. */
export function errorName(errno: number): string {
  return names[errno] ?? `E${errno}`;
}

/**
 * A request the kernel refused, or an answer that made no sense (`EBADMSG`), never came (`ETIMEDOUT`), was lost because
 * the socket overflowed (`ENOBUFS`) or kept changing while it was read (`EINTR`).
 */
export class NetlinkError extends Error {
  /** Symbolic errno. */
  readonly code: string;

  /** `explanation` is the kernel's extended acknowledgement or what was wrong with the message. */
  constructor(code: string, explanation?: string) {
    super(explanation ? `${code}: ${explanation}` : code);
    this.name = 'NetlinkError';
    this.code = code;
  }
}

/** True for a NetlinkError of any of `codes`, of any kind when none is named. */
export function isNetlinkError(error: unknown, ...codes: string[]): error is NetlinkError {
  return error instanceof NetlinkError && (codes.length === 0 || codes.includes(error.code));
}
