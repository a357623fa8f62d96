// What is wrong with TLS, in words: from the numbers of Mbed TLS (mbedtls/ssl.h, mbedtls/x509.h) and of alerts (RFC 8446 section 6).

const ALERTS = new Map([
  [10, 'unexpected message'],
  [20, 'bad record'],
  [22, 'record overflow'],
  [40, 'handshake failure'],
  [42, 'bad certificate'],
  [47, 'illegal parameter'],
  [48, 'unknown authority'],
  [49, 'access denied'],
  [50, 'decode error'],
  [51, 'decrypt error'],
  [70, 'protocol version'],
  [71, 'insufficient security'],
  [80, 'internal error'],
  [109, 'missing extension'],
  [112, 'unknown server name'],
  [116, 'certificate required'],
]);

/** Bits of MBEDTLS_X509_BADCERT_*. The first that is there is told. */
const FLAWS = [
  [0x1, 'has expired'],
  [0x200, 'is not valid yet'],
  [0x8, 'comes from no known authority'],
  [0x4, 'is for another name'],
  [0x1800, 'is not for a server'],
  [0x4000, 'is signed with a weak hash'],
  [0x1_0000, 'has a weak key'],
] as const;

/** By the upper bits of the number; the lower seven tell what was behind it. */
const ERRORS = new Map([
  // Of ECDSA and of RSA.
  [0x4e00, 'a signature that is wrong'],
  [0x4380, 'a signature that is wrong'],
  [0x6e80, 'no version in common'],
  [0x6e00, 'no cipher in common'],
  [0x6d00, 'the key does not fit the cipher'],
  [0x6600, 'a parameter that is not allowed'],
  [0x7180, 'a record that was changed on its way'],
  [0x7200, 'the answer is not TLS'],
  [0x7280, 'closed by the server'],
  [0x7300, 'a message that makes no sense'],
  [0x7700, 'a message that is not due'],
  [0x7880, 'closed by the server'],
  [0x7a00, 'the certificate makes no sense'],
]);

/** `argument` is that of a SystemError `EPROTO` of a TlsSession. */
export function tlsReason(argument: string): string {
  const [, number = '', alert = '', flaws = ''] =
    /^(0x[0-9a-f]+) alert (\d+) flaws (0x[0-9a-f]+|0)$/.exec(argument) ?? [];
  if (Number(alert) > 0) {
    return `TLS: the server says: ${ALERTS.get(Number(alert)) ?? `alert ${alert}`}`;
  }
  const bits = Number(flaws);
  const flaw = FLAWS.find(([bit]) => (bits & bit) !== 0);
  if (flaw !== undefined) return `TLS: the certificate ${flaw[1]}`;
  if (bits !== 0) return `TLS: the certificate is not right (${flaws})`;
  const code = Number(number) & 0xff80;
  // MBEDTLS_ERR_X509_...
  const words = code >= 0x2080 && code <= 0x2880 ? ERRORS.get(0x7a00) : ERRORS.get(code);
  return words === undefined ? `TLS: failed (${number || argument})` : `TLS: ${words}`;
}
