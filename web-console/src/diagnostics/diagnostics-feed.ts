import { isLost } from '../app/app-state';
import type { Entries } from '../app/router';
import type { FeedClient } from '../feed/feed-client';
import type { SubscriptionHandle } from '../feed/subscriptions';
import type { Explanation, RecordedKind, RecorderPage } from '../hub/api-types';
import { RefreshableResource } from '../hub/resource';
import { part, request } from '../hub/rest';

const PAGE = 30;
const MOST = 1_000;
/** Refresh interval: rejected connections cause no event, and durations get outdated. */
const AGAIN_MS = 10_000;

/** Gaps are included in every filter. */
const KINDS: Record<Exclude<Entries, 'all'>, RecordedKind[]> = {
  connection: ['connected', 'disconnected', 'takeover', 'polled', 'restarted', 'gap'],
  refusals: ['refused', 'throttled', 'message', 'result', 'gap'],
  commands: ['command', 'result', 'gap'],
  changes: ['changed', 'twin', 'gap'],
};

/** Explanation and flight recorder of a device; refreshed on events. */
export class DiagnosticsFeed {
  readonly why: RefreshableResource<Explanation>;
  readonly record: RefreshableResource<RecorderPage>;

  private readonly following: SubscriptionHandle;
  private readonly timer: ReturnType<typeof setInterval>;
  private entries: Entries = 'all';
  private shown = PAGE;

  constructor(id: string, live: FeedClient) {
    const path = `/devices/${part(id)}`;
    this.why = new RefreshableResource((signal) => request<Explanation>(`${path}/why`, { signal }));
    this.record = new RefreshableResource((signal) =>
      request<RecorderPage>(`${path}/recorder`, { query: this.query(), signal }),
    );
    this.following = live.follow(
      { topics: ['presence', 'commands', 'twin'], devices: [id] },
      { readState: () => this.refreshAll(), event: () => this.refreshAll() },
    );
    this.timer = setInterval(() => this.isWatched() && this.refreshAll(), AGAIN_MS);
  }

  close(): void {
    this.following.close();
    clearInterval(this.timer);
    this.why.close();
    this.record.close();
  }

  refreshNow(): void {
    void this.why.refreshNow();
    void this.record.refreshNow();
  }

  /** Filters the entries. */
  only(entries: Entries): void {
    if (this.entries !== entries) {
      this.entries = entries;
      this.shown = PAGE;
      this.record.value.value = null;
      void this.record.refreshNow();
    }
  }

  older(): void {
    this.shown = Math.min(MOST, this.shown + PAGE);
    void this.record.refreshNow();
  }

  /** No refresh while the page is hidden or the hub is unreachable. */
  private isWatched(): boolean {
    return document.visibilityState === 'visible' && !isLost.peek();
  }

  private refreshAll(): void {
    this.why.refresh();
    this.record.refresh();
  }

  private query(): { limit: number; kind?: string } {
    const { entries, shown } = this;
    return { limit: shown, ...(entries === 'all' ? {} : { kind: KINDS[entries].join(',') }) };
  }
}
