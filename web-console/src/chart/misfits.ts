/** Maximum number of stored misfits of a channel; the first ones are dropped beyond it. */
const MOST = 1_000;

/** Readings of one channel that do not fit the type, by timestamp, with the reason where it is known. */
export class Misfits {
  private readonly reasons = new Map<number, string>();
  private newestReason = '';

  get size(): number {
    return this.reasons.size;
  }

  /** @param reason empty if it is not known, as in events */
  add(ts: number, reason: string): void {
    this.reasons.set(ts, reason || (this.reasons.get(ts) ?? ''));
    this.newestReason = reason || this.newestReason;
    if (this.reasons.size > MOST) {
      this.reasons.delete(this.reasons.keys().next().value as number);
    }
  }

  clear(): void {
    this.reasons.clear();
    this.newestReason = '';
  }

  /** The reading at that time fits now. */
  remove(ts: number): void {
    if (this.reasons.size > 0) {
      this.reasons.delete(ts);
    }
  }

  /** Why the reading at that time does not fit; undefined if it does. */
  textAt(ts: number): string | undefined {
    const reason = this.reasons.get(ts);
    if (reason === undefined) {
      return undefined;
    }
    const isKnownBefore = reason === '' && this.newestReason !== '';
    return isKnownBefore ? `${misfitText('')}; last reason: ${this.newestReason}` : misfitText(reason);
  }

  /** Timestamps from one time up to, but not including, another. */
  within(from: number, to: number): number[] {
    return this.reasons.size === 0 ? [] : [...this.reasons.keys()].filter((ts) => ts >= from && ts < to);
  }

  /** The one that is closest to a time and not farther away than so many ms; undefined if none. */
  nearest(at: number, withinMs: number): number | undefined {
    let found: number | undefined;
    for (const ts of this.reasons.keys()) {
      if (Math.abs(ts - at) <= (found === undefined ? withinMs : Math.abs(found - at))) {
        found = ts;
      }
    }
    return found;
  }
}

/** @param reason why a value does not fit the type; empty if it is not known */
export function misfitText(reason: string): string {
  return reason ? `Does not fit the type: ${reason}` : 'Does not fit the type';
}
