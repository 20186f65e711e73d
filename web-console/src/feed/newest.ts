/** Clocks of devices are allowed to be ahead of the hub's by so much. */
const AHEAD_MS = 10_000;

/**
 * Whether a reading that has just arrived is the newest, as the hub decides it: one that lies in the
 * future was stamped by a clock that is ahead, and hides nothing that arrives after it.
 */
export function isNewest(ts: number, shown: number, now: number): boolean {
  return !(ts < shown) || shown > now + AHEAD_MS;
}
