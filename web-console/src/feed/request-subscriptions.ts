import type { SubscribeRequest } from './subscriptions';
import type { ConnectionListener } from './transport';

/** Placeholder because a request needs a subscription; it never matches an event. */
const PLACEHOLDER: SubscribeRequest = { id: 0, topics: ['presence'], devices: ['nobody'] };

/** Subscriptions of a connection that sends all of them with each request. */
export class RequestSubscriptions {
  /** The subscriptions of the last request. */
  requested: SubscribeRequest[] = [];
  private readonly refused = new Set<number>();
  private idleAt: string | undefined;

  constructor(
    private readonly requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {}

  /** The subscriptions of the next request. */
  begin(): SubscribeRequest[] {
    this.requested = this.current();
    return this.requested;
  }

  /** The current subscriptions, or the placeholder if there are none. */
  current(): SubscribeRequest[] {
    const requests = this.requests().filter(({ id }) => !this.refused.has(id));
    return requests.length > 0
      ? requests
      : [{ ...PLACEHOLDER, ...(this.idleAt ? { after: this.idleAt } : {}) }];
  }

  /** All requested subscriptions are delivered up to the cursor. */
  reached(cursor: string): void {
    this.idleAt = cursor;
    this.listener.cursorReached(
      this.requested.map(({ id }) => id),
      cursor,
    );
  }

  /** Reports a rejected subscription; returns whether the request can be repeated without it. */
  async handleRefusal(response: Response): Promise<boolean> {
    const problem = (await response.json().catch(() => ({}))) as Record<string, string | undefined>;
    const place = /^subscribe\[(\d+)\]/.exec(problem.field ?? '')?.[1];
    const request = this.requested[Number(place ?? Number.NaN)];
    if (!request) {
      return false;
    }
    this.refused.add(request.id);
    const { code = '', detail: message = '' } = problem;
    this.listener.message({ type: 'error', code, message, id: request.id });
    return true;
  }
}
