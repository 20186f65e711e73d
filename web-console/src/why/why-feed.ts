import { isLost } from '../app/hub';
import type { Entries } from '../app/router';
import { Question } from '../hub/question';
import { ask, part } from '../hub/rest';
import type { Explanation, RecordedKind, RecorderPage } from '../hub/shapes';
import type { Live } from '../live/live';
import type { Following } from '../live/subscriptions';

const PAGE = 30;
const MOST = 1_000;
/** Who is turned away at the door makes no event, and what is told of times gets old. */
const AGAIN_MS = 10_000;

/** What is missing is worth knowing whatever one looks for. */
const KINDS: Record<Exclude<Entries, 'all'>, RecordedKind[]> = {
  connection: ['connected', 'disconnected', 'takeover', 'polled', 'restarted', 'gap'],
  refusals: ['refused', 'throttled', 'message', 'result', 'gap'],
  commands: ['command', 'result', 'gap'],
  changes: ['changed', 'twin', 'gap'],
};

/** Why a device is where it is, and what happened to it: asked again when something happens. */
export class WhyFeed {
  readonly why: Question<Explanation>;
  readonly record: Question<RecorderPage>;

  private readonly following: Following;
  private readonly timer: ReturnType<typeof setInterval>;
  private entries: Entries = 'all';
  private shown = PAGE;

  constructor(id: string, live: Live) {
    const path = `/devices/${part(id)}`;
    this.why = new Question((signal) => ask<Explanation>(`${path}/why`, { signal }));
    this.record = new Question((signal) =>
      ask<RecorderPage>(`${path}/recorder`, { query: this.query(), signal }),
    );
    this.following = live.follow(
      { topics: ['presence', 'commands', 'twin'], devices: [id] },
      { readState: () => this.askAll(), event: () => this.askAll() },
    );
    this.timer = setInterval(() => this.isWatched() && this.askAll(), AGAIN_MS);
  }

  close(): void {
    this.following.close();
    clearInterval(this.timer);
    this.why.close();
    this.record.close();
  }

  askNow(): void {
    void this.why.askNow();
    void this.record.askNow();
  }

  /** Shows entries of that sort only. */
  only(entries: Entries): void {
    if (this.entries !== entries) {
      this.entries = entries;
      this.shown = PAGE;
      this.record.answer.value = null;
      void this.record.askNow();
    }
  }

  older(): void {
    this.shown = Math.min(MOST, this.shown + PAGE);
    void this.record.askNow();
  }

  /** Nobody looks at a hidden page, and a lost hub would only be said to be lost once more. */
  private isWatched(): boolean {
    return document.visibilityState === 'visible' && !isLost.peek();
  }

  private askAll(): void {
    this.why.ask();
    this.record.ask();
  }

  private query(): { limit: number; kind?: string } {
    const { entries, shown } = this;
    return { limit: shown, ...(entries === 'all' ? {} : { kind: KINDS[entries].join(',') }) };
  }
}
