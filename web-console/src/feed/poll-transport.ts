import type { Post } from './post';
import { RequestSubscriptions } from './request-subscriptions';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

/** How long a poll is held, and the least to which that falls where something on the way is less patient. */
const WAIT_S = 20;
const SHORTEST_WAIT_S = 1;
/** How much later than it was held an answer may be. */
const LATE_MS = 5_000;
/** A feed that is never still is not asked more often than this. */
const APART_MS = 200;
/** Screens come with several subscriptions at once. */
const SETTLE_MS = 25;

interface Answer {
  cursor: string;
  time?: number;
  events: ServerMessage[];
}

/** By long poll: one request at a time, for all subscriptions, held until something happens. */
export function pollTransport(post: Post): Transport {
  return { name: 'poll', open: (requests, listener) => new PollConnection(post, requests, listener) };
}

class PollConnection implements Connection {
  private call = new AbortController();
  private readonly subscriptions: RequestSubscriptions;
  private waitSeconds = WAIT_S;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private askedAt = 0;
  private firstHeard: number | null = null;
  private lastHeard = 0;

  constructor(
    private readonly post: Post,
    requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.subscriptions = new RequestSubscriptions(requests, listener);
    void this.ask();
  }

  sync(): void {
    const { requested } = this.subscriptions;
    if (this.subscriptions.current().some(({ id }) => !requested.some((request) => request.id === id))) {
      this.askIn(SETTLE_MS);
    }
  }

  /** Nothing can be asked on a poll that is held: another takes its place, and is answered at once. */
  probe(): void {
    if (Date.now() - this.lastHeard > LATE_MS) {
      void this.ask(0);
    }
  }

  close(): void {
    this.call.abort();
    clearTimeout(this.timer);
  }

  private askIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), ms);
  }

  /** One poll, and the appointment for the next. The first, and one for a new subscription, is not held. */
  private async ask(most = this.waitSeconds): Promise<void> {
    this.close();
    const call = new AbortController();
    this.call = call;
    this.askedAt = Date.now();
    const subscribe = this.subscriptions.begin();
    const isNew = this.firstHeard === null || subscribe.some((request) => request.after === undefined);
    const wait = isNew ? 0 : most;
    this.timer = setTimeout(() => this.failed(wait), wait * 1000 + LATE_MS);
    try {
      const response = await this.post('/events/poll', { subscribe, wait }, call.signal, 'application/json');
      await this.answered(response, wait, call.signal);
    } catch {
      if (!call.signal.aborted) {
        this.failed(wait);
      }
    }
  }

  private async answered(response: Response, wait: number, signal: AbortSignal): Promise<void> {
    if (response.ok) {
      const answer = (await response.json()) as Answer;
      if (!signal.aborted) {
        this.heard(answer);
        this.askIn(Math.max(0, this.askedAt + APART_MS - Date.now()));
      }
      return;
    }
    const isOneRefused = await this.subscriptions.handleRefusal(response);
    if (signal.aborted) {
      return;
    }
    if (isOneRefused) {
      void this.ask(0);
    } else {
      this.failed(wait, response.status);
    }
  }

  private heard(answer: Answer): void {
    const { requested } = this.subscriptions;
    this.lastHeard = Date.now();
    if (answer.time) {
      this.listener.hubTime(answer.time);
    }
    if (this.firstHeard === null) {
      this.firstHeard = this.lastHeard;
      this.listener.opened();
    }
    for (const message of answer.events) {
      this.listener.message(message);
    }
    for (const { id, after } of requested) {
      if (after === undefined) {
        this.listener.message({ type: 'subscribed', id, cursor: answer.cursor });
      }
    }
    this.subscriptions.reached(answer.cursor);
  }

  /** Something on the way may not let a request stand as long as this one was held. */
  private failed(wait: number, status = 0): void {
    const held = Date.now() - this.askedAt;
    if (status !== 401 && wait > SHORTEST_WAIT_S && held > 1000 * SHORTEST_WAIT_S) {
      this.waitSeconds = Math.max(SHORTEST_WAIT_S, Math.floor(Math.min(wait, held / 1000) / 2));
      void this.ask(0);
      return;
    }
    this.close();
    const carriedMs = this.firstHeard === null ? null : this.lastHeard - this.firstHeard;
    this.listener.closed({ openMs: carriedMs, isUnauthorized: status === 401 });
  }
}
