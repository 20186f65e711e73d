import { type Signal, signal } from '@preact/signals';
import { isAborted } from './rest';

/**
 * Resource that is fetched repeatedly, at most once per interval: at once after a longer pause,
 * otherwise at the end of the interval. Keeps the last value until the next arrives.
 */
export class RefreshableResource<T> {
  readonly value: Signal<T | null> = signal(null);
  readonly fault: Signal<unknown> = signal(null);
  /** Time of the last response, by the browser's clock. */
  readonly at = signal(0);

  private readonly closing = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private underWay = false;
  private again = false;
  private requestedAt = Number.NEGATIVE_INFINITY;

  /** @param fetch fetches the resource once */
  constructor(
    private readonly fetch: (signal: AbortSignal) => Promise<T>,
    private readonly atMostEveryMs = 2_000,
  ) {}

  /** Requests a refresh because the resource may have changed. */
  refresh(): void {
    if (this.underWay) {
      this.again = true;
    } else {
      const wait = this.requestedAt + this.atMostEveryMs - Date.now();
      this.timer ??= setTimeout(() => void this.refreshNow(), Math.max(0, wait));
    }
  }

  /** Refreshes at once, for example after a button press. */
  async refreshNow(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.underWay || this.closing.signal.aborted) {
      this.again = true;
      return;
    }
    this.underWay = true;
    this.again = false;
    this.requestedAt = Date.now();
    try {
      this.value.value = await this.fetch(this.closing.signal);
      this.at.value = Date.now();
      this.fault.value = null;
    } catch (fault) {
      if (!isAborted(fault)) {
        this.fault.value = fault;
      }
    }
    this.underWay = false;
    if (this.again) {
      this.refresh();
    }
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.timer);
  }
}
