// The intervals of RFC 9568, 6.1 (version 3) and RFC 3768, 6.1 (version 2), in milliseconds.

/** Skew_Time: lower priorities wait longer. Version 3 scales it with the master's interval, version 2 with one second. */
export function skewTime(version: 2 | 3, priority: number, masterInterval: number): number {
  return ((256 - priority) * (version === 3 ? masterInterval : 1000)) / 256;
}

/**
 * Active_Down_Interval (Master_Down_Interval in version 2): after this much silence the master counts as gone. `adverts`: how many
 * advertisements may be missed, 3 in the RFCs.
 */
export function downInterval(
  version: 2 | 3,
  priority: number,
  masterInterval: number,
  adverts: number,
): number {
  return adverts * masterInterval + skewTime(version, priority, masterInterval);
}
