import type { Told, Wish } from './subscriptions';

/** The ways on which the hub's feed comes, the best first. */
export const WAYS = ['websocket', 'stream', 'poll'] as const;
export type WayName = (typeof WAYS)[number];

/** A way of carrying the feed. */
export interface Way {
  readonly name: WayName;
  /**
   * Sets out at once. The line tells the ear alone, and never from within this call.
   *
   * @param wishes what the screens follow, and from where: asked whenever it is said to the hub
   */
  open(wishes: () => Wish[], ear: Ear): Line;
}

/** One connection, or one series of requests. */
export interface Line {
  /** Carries what is wished now; asked for once it carries, and again whenever the wishes change. */
  carry(): void;
  /** The machine slept or its network changed: find out soon whether the line is alive. */
  probe(): void;
  /** Lets go without waiting for a farewell, and without a word to the ear. */
  close(): void;
}

export interface Ear {
  /** The first sign of the hub: the way carries. */
  carries(): void;
  /** So many tabs of this browser share the line now; not told where it is this tab's own. */
  tabs?(count: number): void;
  /** What the hub's clock said just now. */
  hubTime(hubMillis: number): void;
  told(told: Told): void;
  /** These have been told everything up to the cursor. */
  reached(ids: number[], cursor: string): void;
  /** It is over: the last word of a line. */
  ended(ending: Ending): void;
}

export interface Ending {
  /** From the first sign of the hub to the last, in ms; null if there was none. */
  carriedMs: number | null;
  /** The hub wants to know who we are. */
  isShutOut: boolean;
}
