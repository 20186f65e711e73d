import type { ServerMessage, SubscribeRequest } from './subscriptions';

/** Transports of the hub's feed, best first. */
export const TRANSPORTS = ['websocket', 'stream', 'poll'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** Transport of the feed. */
export interface Transport {
  readonly name: TransportName;
  /**
   * Starts connecting. The listener is never called from within this call.
   *
   * @param subscribeRequests current subscribe requests, read whenever they are sent to the hub
   */
  open(subscribeRequests: () => SubscribeRequest[], listener: ConnectionListener): Connection;
}

/** One connection or one series of requests. */
export interface Connection {
  /** Sends the current subscriptions; called once open and after every change. */
  sync(): void;
  /** Checks soon whether the connection is alive, after sleep or a network change. */
  probe(): void;
  /** Closes at once, without calling the listener. */
  close(): void;
}

export interface ConnectionListener {
  /** First data from the hub. */
  opened(): void;
  /** Number of tabs that share the connection; not called for an unshared one. */
  tabs?(count: number): void;
  /** Current time of the hub. */
  hubTime(hubMillis: number): void;
  message(message: ServerMessage): void;
  /** The subscriptions are delivered up to the cursor. */
  cursorReached(ids: number[], cursor: string): void;
  /** The connection has ended; the last call. */
  closed(closeInfo: CloseInfo): void;
}

export interface CloseInfo {
  /** Time from first to last data, in ms; null if none was received. */
  openMs: number | null;
  /** Time of the last data, in Unix ms of the browser's clock; null if none was received. */
  lastReceived: number | null;
  /** The hub requires a new sign-in. */
  isUnauthorized: boolean;
}
