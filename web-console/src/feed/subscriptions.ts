import type { LiveEvent } from '../hub/api-types';

/** What a subscription asks for; see "The live stream" in the protocol. */
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

export interface SubscriptionHandle {
  close(): void;
}

/** A subscription as the hub is asked for it, the same on every way. */
export interface SubscribeRequest extends Feed {
  id: number;
  /** The cursor from which it goes on; left out, it begins at the present. */
  after?: string;
}

/** What the hub tells of a subscription, the same on every way. */
export type ServerMessage =
  | { type: 'subscribed' | 'reset'; id: number; cursor: string }
  | { type: 'unsubscribed'; id: number }
  | { type: 'error'; code: string; message: string; id?: number }
  | (LiveEvent & { id: number; cursor?: string });

interface Subscription {
  feed: Feed;
  follower: Follower;
  cursor: string | undefined;
}

/**
 * What the screens follow, and how far each has been told: cursors are the same on every way, so
 * that any of them goes on where another has ended. A subscription whose cursor is no longer kept
 * has its follower read the state anew.
 */
export class Subscriptions {
  private readonly all = new Map<number, Subscription>();
  private nextId = 1;

  /** @param onChange told when one came or went */
  constructor(private readonly onChange: () => void) {}

  follow(feed: Feed, follower: Follower): SubscriptionHandle {
    const id = this.nextId++;
    this.all.set(id, { feed, follower, cursor: undefined });
    this.onChange();
    return {
      close: () => {
        if (this.all.delete(id)) {
          this.onChange();
        }
      },
    };
  }

  clear(): void {
    this.all.clear();
  }

  /** What the hub is to be asked for now. */
  requests(): SubscribeRequest[] {
    return [...this.all].map(([id, { feed, cursor }]) => ({
      id,
      ...feed,
      ...(cursor ? { after: cursor } : {}),
    }));
  }

  /** After a long absence the present state is cheaper to read than every event in between. */
  forgetCursors(): void {
    for (const subscription of this.all.values()) {
      subscription.cursor = undefined;
    }
  }

  /** These have been told everything up to the cursor. */
  reached(ids: Iterable<number>, cursor: string): void {
    for (const id of ids) {
      const subscription = this.all.get(id);
      if (subscription) {
        subscription.cursor = cursor;
      }
    }
  }

  take(message: ServerMessage): void {
    const subscription = message.id === undefined ? undefined : this.all.get(message.id);
    if (!subscription) {
      return;
    }
    switch (message.type) {
      case 'subscribed':
      case 'reset':
        established(subscription, message.type, message.cursor);
        return;
      case 'error':
        subscription.follower.refused?.(message.message);
        return;
      case 'unsubscribed':
        return;
      default:
        subscription.cursor = message.cursor ?? subscription.cursor;
        subscription.follower.event(message);
    }
  }
}

/** One that has resumed knows the state already. */
function established(subscription: Subscription, how: 'subscribed' | 'reset', cursor: string): void {
  const hasResumed = how === 'subscribed' && subscription.cursor !== undefined;
  if (!hasResumed) {
    subscription.cursor = cursor;
    subscription.follower.readState();
  }
}
