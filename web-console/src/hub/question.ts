import { type Signal, signal } from '@preact/signals';
import { calledOff } from './rest';

/**
 * A question put to the hub again and again: at once when it was left alone for a while, else as
 * soon as that is over, however often it is asked. The last answer stays until the next is there.
 */
export class Question<T> {
  readonly answer: Signal<T | null> = signal(null);
  readonly fault: Signal<unknown> = signal(null);
  /** When the answer came, by this browser's clock. */
  readonly at = signal(0);

  private readonly closing = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private underWay = false;
  private again = false;
  private asked = Number.NEGATIVE_INFINITY;

  /** @param put asks the hub once */
  constructor(
    private readonly put: (signal: AbortSignal) => Promise<T>,
    private readonly atMostEveryMs = 2_000,
  ) {}

  /** Something has happened: the answer may be another. */
  ask(): void {
    if (this.underWay) {
      this.again = true;
    } else {
      const wait = this.asked + this.atMostEveryMs - Date.now();
      this.timer ??= setTimeout(() => void this.askNow(), Math.max(0, wait));
    }
  }

  /** For somebody who has pressed a button. */
  async askNow(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.underWay || this.closing.signal.aborted) {
      this.again = true;
      return;
    }
    this.underWay = true;
    this.again = false;
    this.asked = Date.now();
    try {
      this.answer.value = await this.put(this.closing.signal);
      this.at.value = Date.now();
      this.fault.value = null;
    } catch (fault) {
      if (!calledOff(fault)) {
        this.fault.value = fault;
      }
    }
    this.underWay = false;
    if (this.again) {
      this.ask();
    }
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.timer);
  }
}
