import { pauseBefore } from './back-off';
import type { Ladder } from './ladder';
import { type Feed, type Follower, type Following, Subscriptions } from './subscriptions';
import type { Ear, Ending, Line, Way, WayName } from './way';

export type Link =
  | { state: 'connecting' }
  | { state: 'live'; since: number; way: WayName; tabs: number }
  | { state: 'lost'; since: number; attempt: number; retryAt: number };

/** Beyond this absence the present state is read anew: cheaper than every event in between. */
const RESUME_WITHIN_MS = 60_000;
/** On another network better ways are tried soon. */
const NEW_NETWORK_MS = 2_000;
/** What has carried for so long was no fault of the way. */
const CARRIED_MS = 5_000;

/**
 * The one connection to the hub, on which every screen follows what it shows, by whichever way the
 * network lets through. It comes back by itself: at once when the browser says that it is online or
 * visible again, else after a pause that grows with full jitter. Only if the hub can be reached
 * while the way brings nothing is another way taken. A better way is tried beside the one that
 * carries, which ends when the better one stands: what is followed goes on from its cursors.
 */
export class Live {
  /** Told of every change of the link. */
  onLink: (link: Link) => void = () => {};
  /** Asked whether the hub can be reached at all: a browser does not say why a connection fails. */
  isHubThere: () => Promise<boolean> = () => Promise.resolve(false);
  /** Told what the hub's clock said and when, for ages by the hub's clock. */
  onHubTime: (hubMillis: number) => void = () => {};

  private readonly subscriptions = new Subscriptions(() => this.carrying?.carry());
  /** What carries; what is being opened while nothing does; a better way on trial beside it. */
  private carrying: Line | null = null;
  private opening: Line | null = null;
  private trial: Line | null = null;
  /** How many tabs share a line. */
  private readonly tabsOf = new WeakMap<Line, number>();
  private link: Link = { state: 'connecting' };
  private closed = true;
  private attempt = 0;
  /** Counts how often all was let go: who has waited meanwhile goes on no more. */
  private turn = 0;
  /** The next try of any way, and the next of a better one. */
  private timer: ReturnType<typeof setTimeout> | undefined;
  private returning: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ways: Record<WayName, Way>,
    private readonly ladder: Ladder,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    this.closed = false;
    window.addEventListener('online', this.networkIsBack);
    window.addEventListener('offline', this.doubt);
    document.addEventListener('visibilitychange', this.hurry);
    this.connect();
  }

  stop(): void {
    this.closed = true;
    window.removeEventListener('online', this.networkIsBack);
    window.removeEventListener('offline', this.doubt);
    document.removeEventListener('visibilitychange', this.hurry);
    this.subscriptions.clear();
    this.release();
    this.attempt = 0;
    this.set({ state: 'connecting' });
  }

  /** Tries at once, whatever pause was planned. */
  retryNow(): void {
    if (!this.closed && this.link.state === 'lost') {
      this.connect();
    }
  }

  follow(feed: Feed, follower: Follower): Following {
    return this.subscriptions.follow(feed, follower);
  }

  private readonly hurry = (): void => {
    if (document.visibilityState === 'visible') {
      this.retryNow();
      this.carrying?.probe();
    }
  };

  private readonly networkIsBack = (): void => {
    this.hurry();
    if (this.carrying) {
      this.ladder.hopes();
      this.returnIn(NEW_NETWORK_MS * this.random());
    }
  };

  /** The browser lost its network; a hub on this very machine may still answer. */
  private readonly doubt = (): void => this.carrying?.probe();

  private connect(): void {
    this.release();
    const { way } = this.ladder;
    const line = this.open(way, {
      carries: () => this.stands(way, line),
      ended: (ending) => void this.recover(ending),
    });
    this.opening = line;
  }

  private open(way: WayName, ear: Pick<Ear, 'carries' | 'ended'>): Line {
    const line: Line = this.ways[way].open(() => this.subscriptions.wishes(), {
      carries: ear.carries,
      ended: (ending) => this.holds(line) && ear.ended(ending),
      tabs: (count) => this.shares(line, count),
      hubTime: (hubMillis) => this.onHubTime(hubMillis),
      told: (told) => line === this.carrying && this.subscriptions.take(told),
      reached: (ids, cursor) => line === this.carrying && this.subscriptions.reached(ids, cursor),
    });
    return line;
  }

  private shares(line: Line, tabs: number): void {
    this.tabsOf.set(line, tabs);
    if (line === this.carrying && this.link.state === 'live') {
      this.set({ ...this.link, tabs });
    }
  }

  private holds(line: Line): boolean {
    return line === this.carrying || line === this.opening || line === this.trial;
  }

  private release(): void {
    this.turn++;
    clearTimeout(this.timer);
    clearTimeout(this.returning);
    for (const line of [this.carrying, this.opening, this.trial]) {
      line?.close();
    }
    this.carrying = null;
    this.opening = null;
    this.trial = null;
  }

  private stands(way: WayName, line: Line): void {
    const now = Date.now();
    if (this.link.state === 'lost' && now - this.link.since > RESUME_WITHIN_MS) {
      this.subscriptions.forgetPlaces();
    }
    this.opening = null;
    this.carrying = line;
    this.ladder.worksBy(way);
    const since = this.link.state === 'live' ? this.link.since : now;
    this.set({ state: 'live', since, way, tabs: this.tabsOf.get(line) ?? 1 });
    line.carry();
    this.returnLater();
  }

  /** Nothing carries any more: says so, and finds out whether the hub is gone or only this way. */
  private async recover({ carriedMs, isShutOut }: Ending): Promise<void> {
    this.release();
    const { turn } = this;
    const hasCarried = carriedMs !== null && carriedMs >= CARRIED_MS;
    if (hasCarried) {
      this.attempt = 0;
      this.ladder.stayed();
    }
    this.attempt++;
    const pause = pauseBefore(this.attempt, this.random);
    if (this.link.state === 'live') {
      this.lose(pause);
    }
    const isThere = (!hasCarried || isShutOut) && (await this.isHubThere());
    if (turn !== this.turn) {
      return;
    }
    if (isThere && !hasCarried && this.ladder.fails()) {
      this.connect();
    } else {
      this.timer = setTimeout(() => this.connect(), pause);
      this.lose(pause);
    }
  }

  private lose(pause: number): void {
    const now = Date.now();
    const since = this.link.state === 'lost' ? this.link.since : now;
    this.set({ state: 'lost', since, attempt: this.attempt, retryAt: now + pause });
  }

  private returnLater(): void {
    this.returnIn(this.ladder.returnAfter(this.random));
  }

  private returnIn(ms: number): void {
    clearTimeout(this.returning);
    this.trial?.close();
    this.trial = null;
    if (this.ladder.better.length > 0) {
      this.returning = setTimeout(() => this.tryBetter(this.ladder.better), ms);
    }
  }

  /** Beside the line that carries, which is let go when the better one is there to take its place. */
  private tryBetter([way, ...others]: readonly WayName[]): void {
    if (!way) {
      this.returnLater();
      return;
    }
    const line = this.open(way, {
      carries: () => {
        this.trial = null;
        this.carrying?.close();
        this.stands(way, line);
      },
      ended: (ending) => (line === this.trial ? this.tryBetter(others) : void this.recover(ending)),
    });
    this.trial = line;
  }

  private set(link: Link): void {
    this.link = link;
    this.onLink(link);
  }
}
