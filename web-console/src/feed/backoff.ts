const FIRST_MS = 500;
const LONGEST_MS = 15_000;
const SHORTEST_MS = 100;

/**
 * Delay before an attempt (from 1), in ms. Full jitter: a random time up to a limit that
 * doubles, so that many consoles do not reconnect at the same time.
 */
export function pauseBefore(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.max(SHORTEST_MS, Math.round(random() * ceiling));
}
