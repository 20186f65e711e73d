import { Asking } from './asking';
import type { Post } from './post';
import type { Told, Wish } from './subscriptions';
import type { Ear, Line, Way } from './way';

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
  events: Told[];
}

/** By long poll: one request at a time, for all subscriptions, held until something happens. */
export function pollWay(post: Post): Way {
  return { name: 'poll', open: (wishes, ear) => new PollLine(post, wishes, ear) };
}

class PollLine implements Line {
  private call = new AbortController();
  private readonly asking: Asking;
  private waitSeconds = WAIT_S;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private askedAt = 0;
  private firstHeard: number | null = null;
  private lastHeard = 0;

  constructor(
    private readonly post: Post,
    wishes: () => Wish[],
    private readonly ear: Ear,
  ) {
    this.asking = new Asking(wishes, ear);
    void this.ask();
  }

  carry(): void {
    const { asked } = this.asking;
    if (this.asking.now().some(({ id }) => !asked.some((wish) => wish.id === id))) {
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
    const subscribe = this.asking.next();
    const isNew = this.firstHeard === null || subscribe.some((wish) => wish.after === undefined);
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
    const isOneRefused = await this.asking.isOneRefused(response);
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
    const { asked } = this.asking;
    this.lastHeard = Date.now();
    if (answer.time) {
      this.ear.hubTime(answer.time);
    }
    if (this.firstHeard === null) {
      this.firstHeard = this.lastHeard;
      this.ear.carries();
    }
    for (const told of answer.events) {
      this.ear.told(told);
    }
    for (const { id, after } of asked) {
      if (after === undefined) {
        this.ear.told({ type: 'subscribed', id, cursor: answer.cursor });
      }
    }
    this.asking.reached(answer.cursor);
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
    this.ear.ended({ carriedMs, isShutOut: status === 401 });
  }
}
