import type { LiveEvent } from '../hub/shapes';
import { pauseBefore } from './back-off';
import { Heartbeat } from './heartbeat';

/** What a subscription asks for; see "Operator stream" in the protocol. */
export interface Feed {
  topics: string[];
  devices?: string[];
  metrics?: string[];
  /** Most updates a second for each device and metric; left out, every event comes. */
  rate?: number;
}

export interface Follower {
  /** The feed stands and no event is missed from here on: read the present state now. */
  readState(): void;
  event(event: LiveEvent): void;
  /** The hub refuses this subscription. */
  refused?(message: string): void;
}

export interface Following {
  close(): void;
}

export type Link =
  | { state: 'connecting' }
  | { state: 'live'; since: number }
  | { state: 'lost'; since: number; attempt: number; retryAt: number };

interface Subscription {
  id: number;
  feed: Feed;
  follower: Follower;
  cursor: string | undefined;
}

type HubFrame =
  | { type: 'hello'; epoch: string; heartbeat: number; time: number }
  | { type: 'subscribed' | 'reset'; id: number; cursor: string }
  | { type: 'unsubscribed'; id: number }
  | { type: 'pong'; time?: number }
  | { type: 'error'; code: string; message: string; id?: number }
  | (LiveEvent & { id: number; cursor?: string });

/** Beyond this absence the present state is read anew: cheaper than every event in between. */
const RESUME_WITHIN_MS = 60_000;
const OPEN_WITHIN_MS = 10_000;
const STAYED_OPEN_MS = 5_000;

/**
 * The one connection to the hub, on which every screen follows what it shows. It comes back by
 * itself: at once when the browser says that it is online or visible again, else after a pause
 * that grows with full jitter. A subscription resumes from its last cursor, and where that is no
 * longer kept its follower is told to read the state anew.
 */
export class LiveSocket {
  /** Told of every change of the link. */
  onLink: (link: Link) => void = () => {};
  /** Told when a handshake fails: a browser does not say why, it may be that we are signed out. */
  onDoorShut: () => void = () => {};
  /** Told what the hub's clock said and when, for ages by the hub's clock. */
  onHubTime: (hubMillis: number) => void = () => {};

  private socket: WebSocket | null = null;
  private readonly subscriptions = new Map<number, Subscription>();
  private readonly heartbeat = new Heartbeat(
    () => this.say({ type: 'ping' }),
    () => this.drop(),
  );
  private link: Link = { state: 'connecting' };
  private greeted = false;
  private closed = true;
  private attempt = 0;
  private nextId = 1;
  private liveSince = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly open: () => WebSocket,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    this.closed = false;
    window.addEventListener('online', this.hurry);
    window.addEventListener('offline', this.doubt);
    document.addEventListener('visibilitychange', this.hurry);
    this.connect();
  }

  stop(): void {
    this.closed = true;
    window.removeEventListener('online', this.hurry);
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
    const subscription: Subscription = { id: this.nextId++, feed, follower, cursor: undefined };
    this.subscriptions.set(subscription.id, subscription);
    this.subscribe(subscription);
    return { close: () => this.unfollow(subscription.id) };
  }

  private unfollow(id: number): void {
    if (this.subscriptions.delete(id)) {
      this.say({ type: 'unsubscribe', id });
    }
  }

  private subscribe({ id, feed, cursor }: Subscription): void {
    this.say({ type: 'subscribe', id, ...feed, ...(cursor ? { after: cursor } : {}) });
  }

  private readonly hurry = (): void => {
    if (document.visibilityState !== 'visible') {
      return;
    }
    if (this.link.state === 'lost') {
      this.retryNow();
    } else {
      this.heartbeat.probe();
    }
  };

  /** The browser lost its network; a hub on this very machine may still answer. */
  private readonly doubt = (): void => this.heartbeat.probe();

  private connect(): void {
    this.release();
    const socket = this.open();
    this.socket = socket;
    this.timer = setTimeout(() => this.drop(), OPEN_WITHIN_MS);
    socket.onmessage = (message) => this.heard(String(message.data));
    socket.onclose = (closing) => this.lost(socket, closing);
  }

  /** Lets go of the socket without waiting for a farewell: a dead line answers none. */
  private release(): void {
    clearTimeout(this.timer);
    this.heartbeat.stop();
    const socket = this.socket;
    this.socket = null;
    this.greeted = false;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
  }

  private drop(): void {
    const socket = this.socket;
    if (socket) {
      this.lost(socket, null);
    }
  }

  private lost(socket: WebSocket, closing: CloseEvent | null): void {
    if (socket !== this.socket) {
      return;
    }
    const wasGreeted = this.greeted;
    this.release();
    const now = Date.now();
    const lostSince = this.link.state === 'lost' ? this.link.since : now;
    if (wasGreeted && now - this.liveSince > STAYED_OPEN_MS) {
      this.attempt = 0;
    }
    this.attempt++;
    const pause = pauseBefore(this.attempt, this.random);
    this.timer = setTimeout(() => this.connect(), pause);
    this.set({ state: 'lost', since: lostSince, attempt: this.attempt, retryAt: now + pause });
    if (!wasGreeted || closing?.code === 4401) {
      this.onDoorShut();
    }
  }

  private heard(text: string): void {
    this.heartbeat.heard();
    const frame = JSON.parse(text) as HubFrame | HubFrame[];
    for (const one of Array.isArray(frame) ? frame : [frame]) {
      this.take(one);
    }
  }

  private take(frame: HubFrame): void {
    switch (frame.type) {
      case 'hello':
        this.greet(frame.heartbeat, frame.time);
        return;
      case 'pong':
        if (frame.time) {
          this.onHubTime(frame.time);
        }
        return;
      case 'subscribed':
      case 'reset':
        this.stands(frame);
        return;
      case 'error':
        this.refused(frame.id, frame.message);
        return;
      case 'unsubscribed':
        return;
      default:
        this.deliver(frame);
    }
  }

  private greet(heartbeatSeconds: number, hubMillis: number): void {
    clearTimeout(this.timer);
    const now = Date.now();
    const absence = this.link.state === 'lost' ? now - this.link.since : 0;
    this.greeted = true;
    this.liveSince = now;
    this.onHubTime(hubMillis);
    this.heartbeat.start(heartbeatSeconds * 1000);
    this.set({ state: 'live', since: now });
    for (const subscription of this.subscriptions.values()) {
      if (absence > RESUME_WITHIN_MS) {
        subscription.cursor = undefined;
      }
      this.subscribe(subscription);
    }
  }

  private stands({ type, id, cursor }: { type: 'subscribed' | 'reset'; id: number; cursor: string }): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) {
      return;
    }
    const resumed = type === 'subscribed' && subscription.cursor !== undefined;
    if (!resumed) {
      subscription.cursor = cursor;
      subscription.follower.readState();
    }
  }

  private refused(id: number | undefined, message: string): void {
    const subscription = id === undefined ? undefined : this.subscriptions.get(id);
    subscription?.follower.refused?.(message);
  }

  private deliver(event: LiveEvent & { id: number; cursor?: string }): void {
    const subscription = this.subscriptions.get(event.id);
    if (subscription) {
      subscription.cursor = event.cursor ?? subscription.cursor;
      subscription.follower.event(event);
    }
  }

  private say(frame: object): void {
    if (this.greeted && this.socket?.readyState === 1) {
      this.socket.send(JSON.stringify(frame));
    }
  }

  private set(link: Link): void {
    this.link = link;
    this.onLink(link);
  }
}
