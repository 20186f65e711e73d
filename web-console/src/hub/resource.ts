import { type Signal, signal } from '@preact/signals';
import { isAborted } from './rest';

/**
 * A question put to the hub again and again: at once when it was left alone for a while, else as
 * soon as that is over, however often it is asked. The last answer stays until the next is there.
 */
export class RefreshableResource<T> {
  readonly value: Signal<T | null> = signal(null);
  readonly fault: Signal<unknown> = signal(null);
  /** When the answer came, by this browser's clock. */
  readonly at = signal(0);

  private readonly closing = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private underWay = false;
  private again = false;
  private requestedAt = Number.NEGATIVE_INFINITY;

  /** @param fetch asks the hub once */
  constructor(
    private readonly fetch: (signal: AbortSignal) => Promise<T>,
    private readonly atMostEveryMs = 2_000,
  ) {}

  /** Something has happened: the answer may be another. */
  refresh(): void {
    if (this.underWay) {
      this.again = true;
    } else {
      const wait = this.requestedAt + this.atMostEveryMs - Date.now();
      this.timer ??= setTimeout(() => void this.refreshNow(), Math.max(0, wait));
    }
  }

  /** For somebody who has pressed a button. */
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
