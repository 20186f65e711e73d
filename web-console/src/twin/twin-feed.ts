import { signal } from '@preact/signals';
import type { FeedClient } from '../feed/feed-client';
import type { SubscriptionHandle } from '../feed/subscriptions';
import type { Json, LiveEvent, Twin, TwinHistory, TwinRevision } from '../hub/api-types';
import { isAborted, part, request } from '../hub/rest';

const PAGE = 20;
const MOST = 200;

/** Live twin of a device with its changes. */
export class TwinFeed {
  readonly twin = signal<Twin | null>(null);
  readonly fault = signal<unknown>(null);
  readonly history = signal<TwinRevision[] | null>(null);
  readonly historyFault = signal<unknown>(null);
  readonly hasOlder = signal(false);

  private readonly path: string;
  private readonly following: SubscriptionHandle;
  private readonly closing = new AbortController();
  private shown = PAGE;

  constructor(id: string, live: FeedClient) {
    this.path = `/devices/${part(id)}/twin`;
    this.following = live.follow(
      { topics: ['twin'], devices: [id] },
      { readState: () => void this.read(), event: (event) => this.take(event) },
    );
  }

  close(): void {
    this.following.close();
    this.closing.abort();
  }

  async read(): Promise<void> {
    try {
      this.store(await request<Twin>(this.path, { signal: this.closing.signal }));
      this.fault.value = null;
    } catch (fault) {
      if (!isAborted(fault)) {
        this.fault.value = fault;
      }
    }
    await this.readHistory();
  }

  async readHistory(): Promise<void> {
    try {
      const query = { limit: this.shown };
      const page = await request<TwinHistory>(`${this.path}/history`, { query, signal: this.closing.signal });
      this.history.value = page.items;
      this.hasOlder.value = page.next !== null && this.shown < MOST;
      this.historyFault.value = null;
    } catch (fault) {
      if (!isAborted(fault)) {
        this.historyFault.value = fault;
      }
    }
  }

  async readOlder(): Promise<void> {
    this.shown = Math.min(MOST, this.shown + PAGE);
    await this.readHistory();
  }

  /**
   * Patches the desired state if its version is unchanged.
   *
   * @throws ApiError (412 if it has changed since), NetworkError
   */
  async change(patch: Json, seen: Twin): Promise<void> {
    const tag = `"${seen.desired.version}-${seen.reported.version}"`;
    const options = { method: 'PATCH', body: patch, headers: { 'If-Match': tag } };
    this.store(await request<Twin>(`${this.path}/desired`, options));
    await this.readHistory();
  }

  private take(event: LiveEvent): void {
    if (event.type === 'twin') {
      this.store(event.twin);
      void this.readHistory();
    }
  }

  /** Stores a twin if it is newer; a response may be older than an event. */
  private store(twin: Twin): void {
    const known = this.twin.value;
    const versions = ({ desired, reported }: Twin) => desired.version + reported.version;
    if (!known || versions(twin) >= versions(known)) {
      this.twin.value = twin;
    }
  }
}
