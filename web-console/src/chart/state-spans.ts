import type { Value } from '../hub/api-types';

/** Maximum number of stored changes; the oldest half is dropped beyond it. */
const MOST = 20_000;

/** Time span with a constant value, in ms; the current one ends at the end of the view. */
export interface StateSpan {
  from: number;
  to: number;
  value: Value;
}

/**
 * State changes of one channel, from history and live feed. A value holds until a reading with
 * another value.
 */
export class StateSpans {
  private changes: { at: number; value: Value; key: string }[] = [];
  /** The newest reading, even if the value did not change. */
  private newest = Number.NEGATIVE_INFINITY;

  get length(): number {
    return this.changes.length;
  }

  /** Adds a live reading. Late readings are ignored; the next history includes them. */
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

  /** Replaces the spans of a range with those from history; keeps later live changes. */
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

  /** The spans between two times, oldest first. */
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

  /** The value at a time; null before the first reading. */
  at(ts: number): StateSpan | null {
    return this.cut(ts, ts + 1)[0] ?? null;
  }
}

/** Total time of each value, longest first. */
export function totalsOf(spans: readonly StateSpan[]): { value: Value; ms: number; count: number }[] {
  const totals = new Map<string, { value: Value; ms: number; count: number }>();
  for (const { from, to, value } of spans) {
    const total = totals.get(keyOf(value)) ?? { value, ms: 0, count: 0 };
    totals.set(keyOf(value), { value, ms: total.ms + to - from, count: total.count + 1 });
  }
  return [...totals.values()].sort((a, b) => b.ms - a.ms);
}

/** Key of a value that distinguishes types: true is not "true". */
export function keyOf(value: Value): string {
  return JSON.stringify(value);
}
