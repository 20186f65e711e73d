const FIRST_MS = 500;
const LONGEST_MS = 15_000;
const SHORTEST_MS = 100;

/**
 * How long to wait before the given attempt (from 1), in ms. Full jitter: any time up to a ceiling
 * that doubles, so that a fleet of consoles never comes back in step.
 */
export function pauseBefore(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.max(SHORTEST_MS, Math.round(random() * ceiling));
}
