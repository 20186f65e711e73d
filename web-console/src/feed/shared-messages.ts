import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { CloseInfo, TransportName } from './transport';

/** What a tab says to the worker that holds the connection for all tabs. */
export type FromTab =
  /** Begins a line. Tabs of the same key share one. */
  | { send: 'open'; transport: TransportName; key: string }
  /** What is wished now, and from where; the first time once the line carries. */
  | { send: 'wishes'; requests: SubscribeRequest[] }
  | { send: 'probe' }
  /** The tab is still there. */
  | { send: 'beat' }
  | { send: 'close' };

/** What the worker says to a tab. */
export type ToTab =
  | { send: 'carries' }
  /** So many tabs share the line now. */
  | { send: 'tabs'; tabs: number }
  | { send: 'time'; hubMillis: number }
  /** In order: what was told, and up to where all of it was. */
  | { send: 'news'; updates: Update[] }
  | { send: 'beat' }
  | { send: 'ended'; ending: CloseInfo };

export type Update = { told: ServerMessage } | { ids: number[]; cursor: string };

/** A port of a `MessageChannel`, as far as it is used. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
  close(): void;
}

/** Either side says something at least so often; both are patient with the timers of hidden tabs. */
export const BEAT_MS = 5_000;
