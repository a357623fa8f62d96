// Root's password on the board: one line of shadow(5).

/** The account that the serial console asks for; `*` lets nobody in by password. */
export function shadowFile(passwordHash: string | null): string {
  return `root:${passwordHash ?? '*'}:1:0:99999:7:::\n`;
}
