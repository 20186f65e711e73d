import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { CloseInfo, TransportName } from './transport';

/** Message from a tab to the shared worker. */
export type FromTab =
  /** Opens a connection. Tabs with the same key share one. */
  | { send: 'open'; transport: TransportName; key: string }
  /** The current subscriptions with their cursors; first sent when the connection is open. */
  | { send: 'subscribe'; requests: SubscribeRequest[] }
  | { send: 'probe' }
  /** The tab is alive. */
  | { send: 'heartbeat' }
  | { send: 'close' };

/** Message from the shared worker to a tab. */
export type ToTab =
  | { send: 'opened' }
  /** Number of tabs that share the connection. */
  | { send: 'tabs'; tabs: number }
  | { send: 'hub-time'; hubMillis: number }
  /** Events and cursor updates, in order. */
  | { send: 'updates'; updates: Update[] }
  | { send: 'heartbeat' }
  | { send: 'closed'; closeInfo: CloseInfo };

export type Update = { message: ServerMessage } | { ids: number[]; cursor: string };

/** The used part of a `MessagePort`. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
  close(): void;
}

/** Heartbeat interval of both sides; timeouts allow for throttled timers of hidden tabs. */
export const KEEPALIVE_MS = 5_000;
