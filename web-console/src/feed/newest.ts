/** Tolerated advance of a device clock over the hub's clock. */
const AHEAD_MS = 10_000;

/**
 * Whether an arriving reading is the newest, by the hub's rule: a timestamp in the future comes
 * from a fast clock and must not hide later readings.
 */
export function isNewest(ts: number, shown: number, now: number): boolean {
  return !(ts < shown) || shown > now + AHEAD_MS;
}
