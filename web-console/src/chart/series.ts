/** Times are whole ms: this much later is after a reading and before the next. */
const JUST_AFTER = 0.5;

/**
 * The readings of one channel in time order, history and live in one place. A reading is known by
 * its time: what history and the live feed both tell is there once, and what comes late is put
 * where it belongs.
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

  /** Adds a reading; one of the same time is replaced. */
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

  /** Joins points that are in time order, in one pass. */
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
      // The live feed is as right as history about the same reading.
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
    // Pushing may have moved everything to the front of a new array.
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

  /** Forgets what is older. */
  forgetBefore(ts: number): void {
    this.start = this.placeOf(ts);
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  /** The first place at or after that time. */
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

  /** The value at the last reading not after that time, null when there is none. */
  valueAt(ts: number): { ts: number; value: number } | null {
    const place = this.placeOf(ts + JUST_AFTER) - 1;
    return place < this.start ? null : { ts: this.ts[place] as number, value: this.values[place] as number };
  }

  /** The reading closest to that time, null when there is none. */
  nearest(ts: number): { ts: number; value: number } | null {
    const before = this.valueAt(ts);
    const place = this.placeOf(ts);
    if (place === this.end) {
      return before;
    }
    const after = { ts: this.ts[place] as number, value: this.values[place] as number };
    return before && ts - before.ts <= after.ts - ts ? before : after;
  }

  /** Smallest and largest between the two times, null when there is none. */
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

  /** The usual time between two readings near the end, in ms; 0 while that cannot be told. */
  usualInterval(): number {
    const steps: number[] = [];
    for (let i = Math.max(this.start + 1, this.end - 50); i < this.end; i++) {
      steps.push((this.ts[i] as number) - (this.ts[i - 1] as number));
    }
    steps.sort((a, b) => a - b);
    return steps[steps.length >> 1] ?? 0;
  }

  /**
   * The readings between the two times and one beyond each end, with a null wherever two are
   * further apart than the gap, so that no line is drawn where nothing is known.
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
      // Beyond the ends less may be known than there is: only between two readings in view a gap is sure.
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
