/** Offset between a reading and the next: timestamps are integer ms. */
const JUST_AFTER = 0.5;

/**
 * Readings of one channel in time order, from history and live feed. Identified by timestamp:
 * duplicates are merged and late readings are inserted in order.
 */
export class Series {
  private ts = new Float64Array(1024);
  private values = new Float64Array(1024);
  private start = 0;
  private end = 0;

  get length(): number {
    return this.end - this.start;
  }

  get first(): number {
    return this.length ? (this.ts[this.start] as number) : Number.NaN;
  }

  get last(): number {
    return this.length ? (this.ts[this.end - 1] as number) : Number.NaN;
  }

  /** Adds a reading; replaces one with the same timestamp. */
  add(ts: number, value: number): void {
    if (!(ts <= this.last)) {
      this.push(ts, value);
      return;
    }
    const place = this.placeOf(ts);
    if (this.ts[place] !== ts) {
      this.makeRoomAt(place);
      this.ts[place] = ts;
    }
    this.values[place] = value;
  }

  /** Merges points in time order in one pass. */
  join(points: readonly (readonly [number, number])[]): void {
    const ts = new Float64Array(capacityFor(this.length + points.length));
    const values = new Float64Array(ts.length);
    let out = 0;
    let mine = this.start;
    for (const [at, value] of points) {
      while (mine < this.end && (this.ts[mine] as number) < at) {
        ts[out] = this.ts[mine] as number;
        values[out++] = this.values[mine++] as number;
      }
      // For the same reading, live feed and history have the same value.
      if (this.ts[mine] === at && mine < this.end) {
        mine++;
      }
      ts[out] = at;
      values[out++] = value;
    }
    ts.set(this.ts.subarray(mine, this.end), out);
    values.set(this.values.subarray(mine, this.end), out);
    this.end = out + this.end - mine;
    this.start = 0;
    this.ts = ts;
    this.values = values;
  }

  private push(ts: number, value: number): void {
    if (this.end === this.ts.length) {
      this.relocate();
    }
    this.ts[this.end] = ts;
    this.values[this.end++] = value;
  }

  private makeRoomAt(place: number): void {
    const last = this.end - 1;
    this.push(this.ts[last] as number, this.values[last] as number);
    // A push may have moved the data to the start of a new array.
    const moved = this.end - 2 - last;
    this.ts.copyWithin(place + moved + 1, place + moved, this.end - 1);
    this.values.copyWithin(place + moved + 1, place + moved, this.end - 1);
  }

  private relocate(): void {
    const ts = new Float64Array(capacityFor(this.length + 1));
    const values = new Float64Array(ts.length);
    ts.set(this.ts.subarray(this.start, this.end));
    values.set(this.values.subarray(this.start, this.end));
    this.end = this.length;
    this.start = 0;
    this.ts = ts;
    this.values = values;
  }

  /**  Removes older readings. */
  forgetBefore(ts: number): void {
    this.start = this.placeOf(ts);
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  /** Index of the first reading at or after the time. */
  private placeOf(ts: number): number {
    let low = this.start;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ts[middle] as number) < ts) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  countAfter(ts: number): number {
    return this.end - this.placeOf(ts + JUST_AFTER);
  }

  /** Value of the last reading at or before the time; null if none. */
  valueAt(ts: number): { ts: number; value: number } | null {
    const place = this.placeOf(ts + JUST_AFTER) - 1;
    return place < this.start ? null : { ts: this.ts[place] as number, value: this.values[place] as number };
  }

  /** Value of the reading with this timestamp; null if none. */
  exactly(ts: number): number | null {
    const place = this.placeOf(ts);
    return place < this.end && this.ts[place] === ts ? (this.values[place] as number) : null;
  }

  /** The reading closest to the time; null if none. */
  nearest(ts: number): { ts: number; value: number } | null {
    const before = this.valueAt(ts);
    const place = this.placeOf(ts);
    if (place === this.end) {
      return before;
    }
    const after = { ts: this.ts[place] as number, value: this.values[place] as number };
    return before && ts - before.ts <= after.ts - ts ? before : after;
  }

  /** Minimum and maximum between two times; null if none. */
  extent(from: number, to: number): { min: number; max: number } | null {
    const end = this.placeOf(to + JUST_AFTER);
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = this.placeOf(from); i < end; i++) {
      min = Math.min(min, this.values[i] as number);
      max = Math.max(max, this.values[i] as number);
    }
    return min <= max ? { min, max } : null;
  }

  /** Typical interval of the latest readings, in ms; 0 if unknown. */
  usualInterval(): number {
    const steps: number[] = [];
    for (let i = Math.max(this.start + 1, this.end - 50); i < this.end; i++) {
      steps.push((this.ts[i] as number) - (this.ts[i - 1] as number));
    }
    steps.sort((a, b) => a - b);
    return steps[steps.length >> 1] ?? 0;
  }

  /**
   * The readings between two times plus one beyond each end, with a null in each interval longer
   * than the gap, so that no line is drawn across missing data.
   */
  cut(
    from: number,
    to: number,
    gap: number,
  ): { xs: number[]; ys: (number | null)[]; gaps: [number, number][] } {
    const xs: number[] = [];
    const ys: (number | null)[] = [];
    const gaps: [number, number][] = [];
    const end = Math.min(this.end, this.placeOf(to + JUST_AFTER) + 1);
    for (let i = Math.max(this.start, this.placeOf(from) - 1); i < end; i++) {
      const at = this.ts[i] as number;
      const before = xs.at(-1);
      const isGap = before !== undefined && at - before > gap;
      if (isGap && at > to) {
        break;
      }
      // Data outside the view may not be loaded: only an interval inside it is a gap.
      if (isGap && before < from) {
        xs.length = 0;
        ys.length = 0;
      } else if (isGap) {
        xs.push(before + 1);
        ys.push(null);
        gaps.push([before, at]);
      }
      xs.push(at);
      ys.push(this.values[i] as number);
    }
    return { xs, ys, gaps };
  }
}

function capacityFor(length: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(length + 1)));
}
