import type { DeviceQuery, Range } from '../app/router';

const MINUTE = 60_000;

export const RANGE_MS: Record<Range, number> = {
  '5m': 5 * MINUTE,
  '30m': 30 * MINUTE,
  '6h': 360 * MINUTE,
  '24h': 1440 * MINUTE,
  '7d': 7 * 1440 * MINUTE,
};

/** A stretch of time that a chart shows; moving ones go on with the clock. */
export interface Span {
  from: number;
  to: number;
  moving: boolean;
}

/** What the URL asks for: an absolute zoom, else the range up to the pause, else up to now. */
export function spanOf(query: DeviceQuery, now: number): Span {
  if (query.from && query.to > query.from) {
    return { from: query.from, to: query.to, moving: false };
  }
  const to = query.pause || now;
  return { from: to - RANGE_MS[query.range], to, moving: !query.pause };
}

/** The same stretch around its middle, times the factor, never wider than a year nor below a second. */
export function zoomed({ from, to }: Span, factor: number): { from: number; to: number } {
  const middle = (from + to) / 2;
  const half = Math.min(Math.max(((to - from) * factor) / 2, 500), 183 * 1440 * MINUTE);
  return { from: Math.round(middle - half), to: Math.round(middle + half) };
}

const GAP_INTERVALS = 3;
const GAP_AT_LEAST_MS = 2_500;

/** From how far apart two points are a gap: three usual intervals, or three of history's buckets. */
export function gapOf(span: Span, usualInterval: number, points: number): number {
  const bucket = (span.to - span.from) / points;
  return Math.max(GAP_INTERVALS * usualInterval, GAP_INTERVALS * bucket, GAP_AT_LEAST_MS);
}
