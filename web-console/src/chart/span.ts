import type { DeviceQuery, Range } from '../app/router';

const MINUTE = 60_000;

export const RANGE_MS: Record<Range, number> = {
  '5m': 5 * MINUTE,
  '30m': 30 * MINUTE,
  '6h': 360 * MINUTE,
  '24h': 1440 * MINUTE,
  '7d': 7 * 1440 * MINUTE,
};

/** Time span of a chart; a moving span follows the clock. */
export interface Span {
  from: number;
  to: number;
  moving: boolean;
}

/** The span in the URL: an absolute zoom, or the range up to the pause or to now. */
export function spanOf(query: DeviceQuery, now: number): Span {
  if (query.from && query.to > query.from) {
    return { from: query.from, to: query.to, moving: false };
  }
  const to = query.pause || now;
  return { from: to - RANGE_MS[query.range], to, moving: !query.pause };
}

/** Scales a span around its centre, limited to between one second and one year. */
export function zoomed({ from, to }: Span, factor: number): { from: number; to: number } {
  const middle = (from + to) / 2;
  const half = Math.min(Math.max(((to - from) * factor) / 2, 500), 183 * 1440 * MINUTE);
  return { from: Math.round(middle - half), to: Math.round(middle + half) };
}

const GAP_INTERVALS = 3;
const GAP_AT_LEAST_MS = 2_500;

/** Minimum interval that counts as a gap: three typical intervals or three history buckets. */
export function gapOf(span: Span, usualInterval: number, points: number): number {
  const bucket = (span.to - span.from) / points;
  return Math.max(GAP_INTERVALS * usualInterval, GAP_INTERVALS * bucket, GAP_AT_LEAST_MS);
}
