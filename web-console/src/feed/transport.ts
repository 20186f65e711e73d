import type { ServerMessage, SubscribeRequest } from './subscriptions';

/** The ways on which the hub's feed comes, the best first. */
export const TRANSPORTS = ['websocket', 'stream', 'poll'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** A way of carrying the feed. */
export interface Transport {
  readonly name: TransportName;
  /**
   * Sets out at once. The line tells the ear alone, and never from within this call.
   *
   * @param subscribeRequests what the screens follow, and from where: asked whenever it is said to the hub
   */
  open(subscribeRequests: () => SubscribeRequest[], listener: ConnectionListener): Connection;
}

/** One connection, or one series of requests. */
export interface Connection {
  /** Carries what is wished now; asked for once it carries, and again whenever the wishes change. */
  sync(): void;
  /** The machine slept or its network changed: find out soon whether the line is alive. */
  probe(): void;
  /** Lets go without waiting for a farewell, and without a word to the ear. */
  close(): void;
}

export interface ConnectionListener {
  /** The first sign of the hub: the way carries. */
  opened(): void;
  /** So many tabs of this browser share the line now; not told where it is this tab's own. */
  tabs?(count: number): void;
  /** What the hub's clock said just now. */
  hubTime(hubMillis: number): void;
  message(message: ServerMessage): void;
  /** These have been told everything up to the cursor. */
  cursorReached(ids: number[], cursor: string): void;
  /** It is over: the last word of a line. */
  closed(ending: CloseInfo): void;
}

export interface CloseInfo {
  /** From the first sign of the hub to the last, in ms; null if there was none. */
  openMs: number | null;
  /** The hub wants to know who we are. */
  isUnauthorized: boolean;
}
