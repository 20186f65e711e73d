import type { Value } from '../hub/api-types';

/** Changes that are kept; beyond it the oldest half is let go. */
const MOST = 20_000;

/** A stretch of time in which one value held, in ms; what holds now ends where the view ends. */
export interface StateSpan {
  from: number;
  to: number;
  value: Value;
}

/**
 * The states of one channel: from when which value held, history and live in one place. A value
 * holds until a reading of another.
 */
export class StateSpans {
  private changes: { at: number; value: Value; key: string }[] = [];
  /** The newest reading, which need not have been a change. */
  private newest = Number.NEGATIVE_INFINITY;

  get length(): number {
    return this.changes.length;
  }

  /** Takes a live reading. One that comes late is left to the next history, which has it in its place. */
  add(ts: number, value: Value): void {
    if (ts < this.newest) {
      return;
    }
    this.newest = ts;
    const key = keyOf(value);
    if (this.changes.at(-1)?.key !== key) {
      this.changes.push({ at: ts, value, key });
    }
    if (this.changes.length > MOST) {
      this.changes.splice(0, MOST / 2);
    }
  }

  /** Takes the hub's spans of a range in place of what was known there; what came live behind it stays. */
  join(points: readonly (readonly [number, Value, number])[]): void {
    const last = points.at(-1);
    if (!last) {
      return;
    }
    const end = last[0] + last[2];
    const later = this.changes.filter((change) => change.at >= end);
    this.changes = points.map(([at, value]) => ({ at, value, key: keyOf(value) }));
    this.newest = Math.max(this.newest, last[0]);
    for (const change of later) {
      if (change.key !== this.changes.at(-1)?.key) {
        this.changes.push(change);
      }
    }
  }

  /** What held between two times, oldest first. */
  cut(from: number, to: number): StateSpan[] {
    const spans: StateSpan[] = [];
    this.changes.forEach(({ at, value }, i) => {
      const end = this.changes[i + 1]?.at ?? to;
      if (end > from && at < to) {
        spans.push({ from: Math.max(at, from), to: Math.min(end, to), value });
      }
    });
    return spans;
  }

  /** What held at a time; null before the first reading. */
  at(ts: number): StateSpan | null {
    return this.cut(ts, ts + 1)[0] ?? null;
  }
}

/** The states of some spans, longest first, with how long each held. */
export function totalsOf(spans: readonly StateSpan[]): { value: Value; ms: number; count: number }[] {
  const totals = new Map<string, { value: Value; ms: number; count: number }>();
  for (const { from, to, value } of spans) {
    const total = totals.get(keyOf(value)) ?? { value, ms: 0, count: 0 };
    totals.set(keyOf(value), { value, ms: total.ms + to - from, count: total.count + 1 });
  }
  return [...totals.values()].sort((a, b) => b.ms - a.ms);
}

/** Tells values apart, of any kind: true is not "true". */
export function keyOf(value: Value): string {
  return JSON.stringify(value);
}
