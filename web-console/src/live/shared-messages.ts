import type { Told, Wish } from './subscriptions';
import type { Ending, WayName } from './way';

/** What a tab says to the worker that holds the connection for all tabs. */
export type FromTab =
  /** Begins a line. Tabs of the same key share one. */
  | { say: 'open'; way: WayName; key: string }
  /** What is wished now, and from where; the first time once the line carries. */
  | { say: 'wishes'; wishes: Wish[] }
  | { say: 'probe' }
  /** The tab is still there. */
  | { say: 'beat' }
  | { say: 'close' };

/** What the worker says to a tab. */
export type ToTab =
  | { say: 'carries' }
  /** So many tabs share the line now. */
  | { say: 'tabs'; tabs: number }
  | { say: 'time'; hubMillis: number }
  /** In order: what was told, and up to where all of it was. */
  | { say: 'news'; news: News[] }
  | { say: 'beat' }
  | { say: 'ended'; ending: Ending };

export type News = { told: Told } | { ids: number[]; cursor: string };

/** A port of a `MessageChannel`, as far as it is used. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
  close(): void;
}

/** Either side says something at least so often; both are patient with the timers of hidden tabs. */
export const BEAT_MS = 5_000;
