import type { LiveEvent } from '../hub/api-types';

/** Filter of a subscription; see "The live stream" in the protocol. */
export interface Feed {
  topics: string[];
  devices?: string[];
  metrics?: string[];
  /** Maximum updates per second, device and metric; without it every event is sent. */
  rate?: number;
}

export interface Follower {
  /** The subscription is active and misses no events from now on: load the current state. */
  readState(): void;
  event(event: LiveEvent): void;
  /** The hub rejected this subscription. */
  refused?(message: string): void;
}

export interface SubscriptionHandle {
  close(): void;
}

/** Subscribe request, the same on every transport. */
export interface SubscribeRequest extends Feed {
  id: number;
  /** Cursor to resume from; without it the subscription starts now. */
  after?: string;
}

/** Message of the hub for a subscription, the same on every transport. */
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
 * Subscriptions of all screens with their cursors. Cursors are valid on every transport, so any
 * transport resumes where another ended. If the hub no longer has a cursor, the follower reloads
 * the state.
 */
export class Subscriptions {
  private readonly all = new Map<number, Subscription>();
  private nextId = 1;

  /** @param onChange called when a subscription is added or removed */
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

  /** The current subscribe requests. */
  requests(): SubscribeRequest[] {
    return [...this.all].map(([id, { feed, cursor }]) => ({
      id,
      ...feed,
      ...(cursor ? { after: cursor } : {}),
    }));
  }

  /** Forces a reload of the state, which is cheaper than all events missed in a long disconnection. */
  forgetCursors(): void {
    for (const subscription of this.all.values()) {
      subscription.cursor = undefined;
    }
  }

  /** Records that the subscriptions are delivered up to the cursor. */
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

/** A resumed subscription does not reload the state. */
function established(subscription: Subscription, how: 'subscribed' | 'reset', cursor: string): void {
  const hasResumed = how === 'subscribed' && subscription.cursor !== undefined;
  if (!hasResumed) {
    subscription.cursor = cursor;
    subscription.follower.readState();
  }
}
