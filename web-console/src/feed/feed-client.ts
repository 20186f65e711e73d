import { pauseBefore } from './backoff';
import { type Feed, type Follower, type SubscriptionHandle, Subscriptions } from './subscriptions';
import type { CloseInfo, Connection, ConnectionListener, Transport, TransportName } from './transport';
import type { TransportFallback } from './transport-fallback';

export type Link =
  | { state: 'connecting' }
  | { state: 'live'; since: number; transport: TransportName; tabs: number }
  | { state: 'lost'; since: number; attempt: number; retryAt: number };

/** After a longer disconnection the state is reloaded, which is cheaper than all missed events. */
const RESUME_WITHIN_MS = 60_000;
/** After a network change, better transports are tried within this time. */
const NEW_NETWORK_MS = 2_000;
/** A connection open for this long does not count as a transport failure. */
const STABLE_MS = 5_000;

/**
 * The console's connection to the hub's feed, over the best transport that works on the network.
 * Reconnects at once when the browser becomes online or visible, otherwise after a growing delay
 * with full jitter. Falls back to another transport only if the hub is reachable while the
 * transport fails. Better transports are tried in parallel and take over when open;
 * subscriptions resume from their cursors.
 */
export class FeedClient {
  /** Called on every change of the link state. */
  onLink: (link: Link) => void = () => {};
  /** Checks whether the hub is reachable; browsers do not report why a connection fails. */
  isHubReachable: () => Promise<boolean> = () => Promise.resolve(false);
  /** Called with the hub's time, to correct clock skew. */
  onHubTime: (hubMillis: number) => void = () => {};

  private readonly subscriptions = new Subscriptions(() => this.active?.sync());
  /** The active connection; the one being opened without an active one; a better transport being tried. */
  private active: Connection | null = null;
  private opening: Connection | null = null;
  private upgrade: Connection | null = null;
  /** Number of tabs that share a connection. */
  private readonly tabsOf = new WeakMap<Connection, number>();
  private link: Link = { state: 'connecting' };
  private closed = true;
  private attempt = 0;
  /** Incremented on every release, so that pending operations can detect that they are obsolete. */
  private generation = 0;
  /** Timers of the next attempt and of the next try of a better transport. */
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

  /** Reconnects at once, ignoring the delay. */
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

  /** The browser went offline; a hub on the same machine may still answer. */
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
      tabs: (count) => this.setTabs(connection, count),
      hubTime: (hubMillis) => this.onHubTime(hubMillis),
      message: (message) => connection === this.active && this.subscriptions.take(message),
      cursorReached: (ids, cursor) => connection === this.active && this.subscriptions.reached(ids, cursor),
    });
    return connection;
  }

  private setTabs(connection: Connection, tabs: number): void {
    this.tabsOf.set(connection, tabs);
    if (connection === this.active && this.link.state === 'live') {
      this.set({ ...this.link, tabs });
    }
  }

  private isCurrent(connection: Connection): boolean {
    return connection === this.active || connection === this.opening || connection === this.upgrade;
  }

  private release(): void {
    this.generation++;
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

  /** Handles the loss of the connection: checks whether the hub or only this transport is unavailable. */
  private async recover({ openMs, lastReceived, isUnauthorized }: CloseInfo): Promise<void> {
    this.release();
    const { generation } = this;
    const wasStable = openMs !== null && openMs >= STABLE_MS;
    if (wasStable) {
      this.attempt = 0;
      this.fallback.connectionLasted();
    }
    this.attempt++;
    const pause = pauseBefore(this.attempt, this.random);
    if (this.link.state === 'live') {
      this.markLost(pause, lastReceived ?? undefined);
    }
    const isReachable = (!wasStable || isUnauthorized) && (await this.isHubReachable());
    if (generation !== this.generation) {
      return;
    }
    if (isReachable && !wasStable && this.fallback.failed()) {
      this.connect();
    } else {
      this.timer = setTimeout(() => this.connect(), pause);
      this.markLost(pause);
    }
  }

  /** What is shown was valid until the last data, which may have come long before the loss was noticed. */
  private markLost(pause: number, lastReceived = Date.now()): void {
    const now = Date.now();
    const since = this.link.state === 'lost' ? this.link.since : lastReceived;
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

  /** Tries a better transport in parallel; it replaces the active connection once open. */
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
