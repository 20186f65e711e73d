import { pauseBefore } from './backoff';
import { type Feed, type Follower, type SubscriptionHandle, Subscriptions } from './subscriptions';
import type { CloseInfo, Connection, ConnectionListener, Transport, TransportName } from './transport';
import type { TransportFallback } from './transport-fallback';

export type Link =
  | { state: 'connecting' }
  | { state: 'live'; since: number; transport: TransportName; tabs: number }
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
export class FeedClient {
  /** Told of every change of the link. */
  onLink: (link: Link) => void = () => {};
  /** Asked whether the hub can be reached at all: a browser does not say why a connection fails. */
  isHubThere: () => Promise<boolean> = () => Promise.resolve(false);
  /** Told what the hub's clock said and when, for ages by the hub's clock. */
  onHubTime: (hubMillis: number) => void = () => {};

  private readonly subscriptions = new Subscriptions(() => this.active?.sync());
  /** What carries; what is being opened while nothing does; a better way on trial beside it. */
  private active: Connection | null = null;
  private opening: Connection | null = null;
  private upgrade: Connection | null = null;
  /** How many tabs share a line. */
  private readonly tabsOf = new WeakMap<Connection, number>();
  private link: Link = { state: 'connecting' };
  private closed = true;
  private attempt = 0;
  /** Counts how often all was let go: who has waited meanwhile goes on no more. */
  private turn = 0;
  /** The next try of any way, and the next of a better one. */
  private timer: ReturnType<typeof setTimeout> | undefined;
  private upgradeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly transports: Record<TransportName, Transport>,
    private readonly fallback: TransportFallback,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    this.closed = false;
    window.addEventListener('online', this.networkIsBack);
    window.addEventListener('offline', this.probe);
    document.addEventListener('visibilitychange', this.resume);
    this.connect();
  }

  stop(): void {
    this.closed = true;
    window.removeEventListener('online', this.networkIsBack);
    window.removeEventListener('offline', this.probe);
    document.removeEventListener('visibilitychange', this.resume);
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

  follow(feed: Feed, follower: Follower): SubscriptionHandle {
    return this.subscriptions.follow(feed, follower);
  }

  private readonly resume = (): void => {
    if (document.visibilityState === 'visible') {
      this.retryNow();
      this.active?.probe();
    }
  };

  private readonly networkIsBack = (): void => {
    this.resume();
    if (this.active) {
      this.fallback.networkChanged();
      this.scheduleUpgradeIn(NEW_NETWORK_MS * this.random());
    }
  };

  /** The browser lost its network; a hub on this very machine may still answer. */
  private readonly probe = (): void => this.active?.probe();

  private connect(): void {
    this.release();
    const { transport } = this.fallback;
    const connection = this.open(transport, {
      opened: () => this.established(transport, connection),
      closed: (closeInfo) => void this.recover(closeInfo),
    });
    this.opening = connection;
  }

  private open(
    transport: TransportName,
    listener: Pick<ConnectionListener, 'opened' | 'closed'>,
  ): Connection {
    const connection: Connection = this.transports[transport].open(() => this.subscriptions.requests(), {
      opened: listener.opened,
      closed: (closeInfo) => this.isCurrent(connection) && listener.closed(closeInfo),
      tabs: (count) => this.shares(connection, count),
      hubTime: (hubMillis) => this.onHubTime(hubMillis),
      message: (message) => connection === this.active && this.subscriptions.take(message),
      cursorReached: (ids, cursor) => connection === this.active && this.subscriptions.reached(ids, cursor),
    });
    return connection;
  }

  private shares(connection: Connection, tabs: number): void {
    this.tabsOf.set(connection, tabs);
    if (connection === this.active && this.link.state === 'live') {
      this.set({ ...this.link, tabs });
    }
  }

  private isCurrent(connection: Connection): boolean {
    return connection === this.active || connection === this.opening || connection === this.upgrade;
  }

  private release(): void {
    this.turn++;
    clearTimeout(this.timer);
    clearTimeout(this.upgradeTimer);
    for (const connection of [this.active, this.opening, this.upgrade]) {
      connection?.close();
    }
    this.active = null;
    this.opening = null;
    this.upgrade = null;
  }

  private established(transport: TransportName, connection: Connection): void {
    const now = Date.now();
    if (this.link.state === 'lost' && now - this.link.since > RESUME_WITHIN_MS) {
      this.subscriptions.forgetCursors();
    }
    this.opening = null;
    this.active = connection;
    this.fallback.succeeded(transport);
    const since = this.link.state === 'live' ? this.link.since : now;
    this.set({ state: 'live', since, transport, tabs: this.tabsOf.get(connection) ?? 1 });
    connection.sync();
    this.scheduleUpgrade();
  }

  /** Nothing carries any more: says so, and finds out whether the hub is gone or only this way. */
  private async recover({ openMs: carriedMs, isUnauthorized: isShutOut }: CloseInfo): Promise<void> {
    this.release();
    const { turn } = this;
    const hasCarried = carriedMs !== null && carriedMs >= CARRIED_MS;
    if (hasCarried) {
      this.attempt = 0;
      this.fallback.connectionLasted();
    }
    this.attempt++;
    const pause = pauseBefore(this.attempt, this.random);
    if (this.link.state === 'live') {
      this.markLost(pause);
    }
    const isThere = (!hasCarried || isShutOut) && (await this.isHubThere());
    if (turn !== this.turn) {
      return;
    }
    if (isThere && !hasCarried && this.fallback.failed()) {
      this.connect();
    } else {
      this.timer = setTimeout(() => this.connect(), pause);
      this.markLost(pause);
    }
  }

  private markLost(pause: number): void {
    const now = Date.now();
    const since = this.link.state === 'lost' ? this.link.since : now;
    this.set({ state: 'lost', since, attempt: this.attempt, retryAt: now + pause });
  }

  private scheduleUpgrade(): void {
    this.scheduleUpgradeIn(this.fallback.retryDelay(this.random));
  }

  private scheduleUpgradeIn(ms: number): void {
    clearTimeout(this.upgradeTimer);
    this.upgrade?.close();
    this.upgrade = null;
    if (this.fallback.better.length > 0) {
      this.upgradeTimer = setTimeout(() => this.tryBetter(this.fallback.better), ms);
    }
  }

  /** Beside the line that carries, which is let go when the better one is there to take its place. */
  private tryBetter([transport, ...others]: readonly TransportName[]): void {
    if (!transport) {
      this.scheduleUpgrade();
      return;
    }
    const connection = this.open(transport, {
      opened: () => {
        this.upgrade = null;
        this.active?.close();
        this.established(transport, connection);
      },
      closed: (closeInfo) =>
        connection === this.upgrade ? this.tryBetter(others) : void this.recover(closeInfo),
    });
    this.upgrade = connection;
  }

  private set(link: Link): void {
    this.link = link;
    this.onLink(link);
  }
}
