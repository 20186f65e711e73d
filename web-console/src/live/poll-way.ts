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
  private asked: Wish[] = [];
  private waitSeconds = WAIT_S;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private askedAt = 0;
  private firstHeard: number | null = null;
  private lastHeard = 0;

  constructor(
    private readonly post: Post,
    private readonly wishes: () => Wish[],
    private readonly ear: Ear,
  ) {
    void this.ask();
  }

  carry(): void {
    if (this.wishes().some(({ id }) => !this.asked.some((wish) => wish.id === id))) {
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
    this.asked = this.wishes();
    this.askedAt = Date.now();
    const isNew = this.firstHeard === null || this.asked.some((wish) => wish.after === undefined);
    const wait = isNew ? 0 : most;
    this.timer = setTimeout(() => this.failed(wait), wait * 1000 + LATE_MS);
    try {
      const body = { subscribe: this.asked, wait };
      const response = await this.post('/events/poll', body, call.signal, 'application/json');
      const answer = response.ok ? ((await response.json()) as Answer) : null;
      if (call.signal.aborted) {
        return;
      }
      if (answer) {
        this.heard(answer);
        this.askIn(Math.max(0, this.askedAt + APART_MS - Date.now()));
      } else {
        this.failed(wait, response.status);
      }
    } catch {
      if (!call.signal.aborted) {
        this.failed(wait);
      }
    }
  }

  private heard(answer: Answer): void {
    const asked = this.asked;
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
    this.ear.reached(
      asked.map((wish) => wish.id),
      answer.cursor,
    );
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
