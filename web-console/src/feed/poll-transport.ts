import type { Post } from './post';
import { RequestSubscriptions } from './request-subscriptions';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

/** Hold time of a poll, and its minimum if an intermediary has a shorter timeout. */
const WAIT_S = 20;
const SHORTEST_WAIT_S = 1;
/** Tolerance after the hold time. */
const LATE_MS = 5_000;
/** Minimum interval between polls of a busy feed. */
const APART_MS = 200;
/** Delay that combines several new subscriptions of a screen. */
const SETTLE_MS = 25;

interface PollResponse {
  cursor: string;
  time?: number;
  events: ServerMessage[];
}

/** Long poll transport: one request at a time for all subscriptions, held until there are events. */
export function pollTransport(post: Post): Transport {
  return { name: 'poll', open: (requests, listener) => new PollConnection(post, requests, listener) };
}

class PollConnection implements Connection {
  private call = new AbortController();
  private readonly subscriptions: RequestSubscriptions;
  private waitSeconds = WAIT_S;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sentAt = 0;
  private firstReceived: number | null = null;
  private lastReceived = 0;

  constructor(
    private readonly post: Post,
    requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.subscriptions = new RequestSubscriptions(requests, listener);
    void this.sendPoll();
  }

  sync(): void {
    const { requested } = this.subscriptions;
    if (this.subscriptions.current().some(({ id }) => !requested.some((request) => request.id === id))) {
      this.schedulePoll(SETTLE_MS);
    }
  }

  /** Replaces the held poll with one that is answered at once. */
  probe(): void {
    if (Date.now() - this.lastReceived > LATE_MS) {
      void this.sendPoll(0);
    }
  }

  close(): void {
    this.call.abort();
    clearTimeout(this.timer);
  }

  private schedulePoll(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.sendPoll(), ms);
  }

  /** Sends a poll and schedules the next. The first one and one with a new subscription are not held. */
  private async sendPoll(maxWait = this.waitSeconds): Promise<void> {
    this.close();
    const call = new AbortController();
    this.call = call;
    this.sentAt = Date.now();
    const subscribe = this.subscriptions.begin();
    const isNew = this.firstReceived === null || subscribe.some((request) => request.after === undefined);
    const wait = isNew ? 0 : maxWait;
    this.timer = setTimeout(() => this.failed(wait), wait * 1000 + LATE_MS);
    try {
      const response = await this.post('/events/poll', { subscribe, wait }, call.signal, 'application/json');
      await this.handleResponse(response, wait, call.signal);
    } catch {
      if (!call.signal.aborted) {
        this.failed(wait);
      }
    }
  }

  private async handleResponse(response: Response, wait: number, signal: AbortSignal): Promise<void> {
    if (response.ok) {
      const poll = (await response.json()) as PollResponse;
      if (!signal.aborted) {
        this.received(poll);
        this.schedulePoll(Math.max(0, this.sentAt + APART_MS - Date.now()));
      }
      return;
    }
    const isOneRefused = await this.subscriptions.handleRefusal(response);
    if (signal.aborted) {
      return;
    }
    if (isOneRefused) {
      void this.sendPoll(0);
    } else {
      this.failed(wait, response.status);
    }
  }

  private received(poll: PollResponse): void {
    const { requested } = this.subscriptions;
    this.lastReceived = Date.now();
    if (poll.time) {
      this.listener.hubTime(poll.time);
    }
    if (this.firstReceived === null) {
      this.firstReceived = this.lastReceived;
      this.listener.opened();
    }
    for (const message of poll.events) {
      this.listener.message(message);
    }
    for (const { id, after } of requested) {
      if (after === undefined) {
        this.listener.message({ type: 'subscribed', id, cursor: poll.cursor });
      }
    }
    this.subscriptions.reached(poll.cursor);
  }

  /** An intermediary may have a shorter timeout than the hold time: retry with half of it. */
  private failed(wait: number, status = 0): void {
    const held = Date.now() - this.sentAt;
    if (status !== 401 && wait > SHORTEST_WAIT_S && held > 1000 * SHORTEST_WAIT_S) {
      this.waitSeconds = Math.max(SHORTEST_WAIT_S, Math.floor(Math.min(wait, held / 1000) / 2));
      void this.sendPoll(0);
      return;
    }
    this.close();
    const lastReceived = this.firstReceived === null ? null : this.lastReceived;
    const openMs = this.firstReceived === null ? null : this.lastReceived - this.firstReceived;
    this.listener.closed({ openMs, lastReceived, isUnauthorized: status === 401 });
  }
}
