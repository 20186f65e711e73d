import type { Device, Presence, PresenceState, Value } from '../hub/api-types';
import { isNewest } from './newest';

const STATES: readonly PresenceState[] = ['online', 'asleep', 'overdue', 'offline'];
const TRAIL = 40;
const FIRST_ROWS = 256;
/** Without an expected interval a reading is late after three typical ones, but not before this time. */
const LATE_INTERVALS = 3;
const LATE_AT_LEAST_MS = 5_000;
const LATE_UNKNOWN_MS = 60_000;

/**
 * Columnar store of the list's live cells: one slot per row and no object per reading, so that
 * ten thousand rows with ten readings per second cause no garbage collection.
 */
export class RowStore {
  readonly devices: Device[] = [];
  private readonly slots = new Map<string, number>();
  private capacity = FIRST_ROWS;
  private ts = new Float64Array(FIRST_ROWS);
  private value = new Float64Array(FIRST_ROWS);
  private interval = new Float64Array(FIRST_ROWS);
  /** Time of the shown value; `ts` is that of any value. */
  private shownTs = new Float64Array(FIRST_ROWS);
  private state = new Uint8Array(FIRST_ROWS);
  private since = new Float64Array(FIRST_ROWS);
  private trail = new Float32Array(FIRST_ROWS * TRAIL);
  private trailLength = new Uint16Array(FIRST_ROWS);
  private readonly metric: string[] = [];
  private readonly word: string[] = [];
  /** Whether the shown value does not fit the type, and why, where that is known. */
  private misfit = new Uint8Array(FIRST_ROWS);
  private readonly reason: string[] = [];
  private dirty = new Uint8Array(FIRST_ROWS);

  /**
   * @param now the hub's clock
   * @param rank order of a device's metrics: the numeric one with the lowest rank is shown
   */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly rank: (device: Device, metric: string) => number = () => 0,
  ) {}

  get size(): number {
    return this.devices.length;
  }

  clear(): void {
    this.devices.length = 0;
    this.slots.clear();
    this.metric.length = 0;
    this.word.length = 0;
    this.reason.length = 0;
  }

  /** Adds or updates a row. */
  put(device: Device): void {
    let slot = this.slots.get(device.id);
    if (slot === undefined) {
      slot = this.devices.length;
      this.grow(slot + 1);
      this.slots.set(device.id, slot);
      this.blank(slot);
    }
    this.devices[slot] = device;
    this.presence(device.id, device.presence);
    for (const [metric, latest] of Object.entries(device.latest ?? {})) {
      this.reading(slot, metric, latest.ts, latest.value, latest.misfit);
    }
  }

  private blank(slot: number): void {
    this.ts[slot] = Number.NaN;
    this.value[slot] = Number.NaN;
    this.interval[slot] = 0;
    this.shownTs[slot] = Number.NaN;
    this.trailLength[slot] = 0;
    this.metric[slot] = '';
    this.word[slot] = '';
    this.misfit[slot] = 0;
    this.reason[slot] = '';
  }

  private grow(rows: number): void {
    if (rows <= this.capacity) {
      return;
    }
    this.capacity *= 2;
    this.ts = widened(this.ts, new Float64Array(this.capacity));
    this.value = widened(this.value, new Float64Array(this.capacity));
    this.interval = widened(this.interval, new Float64Array(this.capacity));
    this.shownTs = widened(this.shownTs, new Float64Array(this.capacity));
    this.misfit = widened(this.misfit, new Uint8Array(this.capacity));
    this.state = widened(this.state, new Uint8Array(this.capacity));
    this.since = widened(this.since, new Float64Array(this.capacity));
    this.trail = widened(this.trail, new Float32Array(this.capacity * TRAIL));
    this.trailLength = widened(this.trailLength, new Uint16Array(this.capacity));
    this.dirty = widened(this.dirty, new Uint8Array(this.capacity));
  }

  slotOf(id: string): number | undefined {
    return this.slots.get(id);
  }

  presence(id: string, presence: Presence): void {
    const slot = this.slots.get(id);
    if (slot !== undefined) {
      this.state[slot] = Math.max(0, STATES.indexOf(presence.state));
      this.since[slot] = presence.since;
      (this.devices[slot] as Device).presence = presence;
      this.dirty[slot] = 1;
    }
  }

  /** @param misfits metrics whose values do not fit the type */
  telemetry(id: string, ts: number, values: Record<string, Value>, misfits?: readonly string[]): void {
    const slot = this.slots.get(id);
    if (slot !== undefined) {
      for (const metric in values) {
        const misfit = misfits?.includes(metric) ? '' : undefined;
        this.reading(slot, metric, ts, values[metric] as Value, misfit);
      }
    }
  }

  /** @param misfit why the value does not fit the type, empty if that is not known; undefined if it fits */
  private reading(slot: number, metric: string, ts: number, value: Value, misfit?: string): void {
    const before = this.ts[slot] as number;
    if (isNewest(ts, before, this.now())) {
      this.pace(slot, ts - before);
      this.ts[slot] = ts;
      this.dirty[slot] = 1;
    }
    const isOlder = this.metric[slot] === metric && !isNewest(ts, this.shownTs[slot] as number, this.now());
    if (!isOlder && this.isHeadline(slot, metric, value, misfit)) {
      const isShown = ts === this.shownTs[slot] && metric === this.metric[slot] && this.isSame(slot, value);
      this.show(slot, metric, ts, value, misfit ?? (isShown ? this.misfitAt(slot) : undefined));
    }
  }

  /** The list may repeat a value without saying that it does not fit. */
  private isSame(slot: number, value: Value): boolean {
    return typeof value === 'number' ? value === this.value[slot] : wordOf(value) === this.word[slot];
  }

  private pace(slot: number, elapsed: number): void {
    if (elapsed > 0) {
      const usual = this.interval[slot] as number;
      this.interval[slot] = usual === 0 ? elapsed : usual + (elapsed - usual) * 0.2;
    }
  }

  /** Shows the first channel until a number, or one of a lower rank, arrives. A misfit is not hidden by that. */
  private isHeadline(slot: number, metric: string, value: Value, misfit?: string): boolean {
    const shown = this.metric[slot] as string;
    if (shown === metric || shown === '') {
      return true;
    }
    const device = this.devices[slot] as Device;
    const isNumber = typeof value === 'number';
    const isOnlyWord = isNumber && this.word[slot] !== '' && this.misfit[slot] === 0;
    const isBetter = isOnlyWord || this.rank(device, metric) < this.rank(device, shown);
    return (isNumber || misfit !== undefined) && isBetter;
  }

  private show(slot: number, metric: string, ts: number, value: Value, misfit: string | undefined): void {
    if (this.metric[slot] !== metric) {
      this.metric[slot] = metric;
      this.trailLength[slot] = 0;
    }
    this.shownTs[slot] = ts;
    const numeric = typeof value === 'number';
    this.value[slot] = numeric ? value : Number.NaN;
    this.word[slot] = numeric ? '' : wordOf(value);
    if (numeric) {
      this.leaveTrail(slot, value);
    }
    this.misfit[slot] = misfit === undefined ? 0 : 1;
    this.reason[slot] = misfit ?? '';
    this.dirty[slot] = 1;
  }

  private leaveTrail(slot: number, value: number): void {
    const start = slot * TRAIL;
    const length = this.trailLength[slot] as number;
    if (length === TRAIL) {
      this.trail.copyWithin(start, start + 1, start + TRAIL);
      this.trail[start + TRAIL - 1] = value;
    } else {
      this.trail[start + length] = value;
      this.trailLength[slot] = length + 1;
    }
  }

  stateAt(slot: number): PresenceState {
    return STATES[this.state[slot] as number] as PresenceState;
  }

  metricAt(slot: number): string {
    return this.metric[slot] ?? '';
  }

  /** The shown value: a number, a string, or null if none. */
  valueAt(slot: number): number | string | null {
    const word = this.word[slot];
    const value = this.value[slot] as number;
    return word ? word : Number.isNaN(value) ? null : value;
  }

  /** Why the shown value does not fit the type, empty if that is not known; undefined if it fits. */
  misfitAt(slot: number): string | undefined {
    return this.misfit[slot] === 1 ? this.reason[slot] : undefined;
  }

  /** Time of the last reading; NaN if none. */
  tsAt(slot: number): number {
    return this.ts[slot] as number;
  }

  /** @param lateAfter age after which the shown value is late; by default judged by typical intervals */
  isLateAt(slot: number, now: number, lateAfter?: number): boolean {
    if (lateAfter !== undefined) {
      return now - (this.shownTs[slot] as number) > lateAfter;
    }
    const interval = this.interval[slot] as number;
    const limit = interval ? Math.max(LATE_INTERVALS * interval, LATE_AT_LEAST_MS) : LATE_UNKNOWN_MS;
    return now - (this.ts[slot] as number) > limit;
  }

  /** The last values, oldest first; a view, not a copy. */
  trailAt(slot: number): Float32Array {
    return this.trail.subarray(slot * TRAIL, slot * TRAIL + (this.trailLength[slot] as number));
  }

  /** Whether the row has changed since the last call. */
  takeDirty(slot: number): boolean {
    const changed = this.dirty[slot] === 1;
    this.dirty[slot] = 0;
    return changed;
  }
}

function wordOf(value: Value): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function widened<A extends Float64Array | Float32Array | Uint8Array | Uint16Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
