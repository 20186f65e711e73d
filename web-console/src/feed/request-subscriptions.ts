import type { SubscribeRequest } from './subscriptions';
import type { ConnectionListener } from './transport';

/** A request has to ask for something: of nobody's presence nothing is ever told. */
const NOTHING: SubscribeRequest = { id: 0, topics: ['presence'], devices: ['nobody'] };

/** The subscriptions of a line that asks for all of them with each request. */
export class RequestSubscriptions {
  /** What was asked for last. */
  requested: SubscribeRequest[] = [];
  private readonly refused = new Set<number>();
  private idleAt: string | undefined;

  constructor(
    private readonly requests: () => SubscribeRequest[],
    private readonly ear: ConnectionListener,
  ) {}

  /** What is to be asked for now. */
  begin(): SubscribeRequest[] {
    this.requested = this.current();
    return this.requested;
  }

  /** What is to be asked for if anything is to be. */
  current(): SubscribeRequest[] {
    const requests = this.requests().filter(({ id }) => !this.refused.has(id));
    return requests.length > 0 ? requests : [{ ...NOTHING, ...(this.idleAt ? { after: this.idleAt } : {}) }];
  }

  /** Everything that was asked for has been told up to the cursor. */
  reached(cursor: string): void {
    this.idleAt = cursor;
    this.ear.cursorReached(
      this.requested.map(({ id }) => id),
      cursor,
    );
  }

  /** Whether the hub refuses one of the subscriptions, which is told: the others can be had. */
  async handleRefusal(response: Response): Promise<boolean> {
    const problem = (await response.json().catch(() => ({}))) as Record<string, string | undefined>;
    const place = /^subscribe\[(\d+)\]/.exec(problem.field ?? '')?.[1];
    const request = this.requested[Number(place ?? Number.NaN)];
    if (!request) {
      return false;
    }
    this.refused.add(request.id);
    const { code = '', detail: message = '' } = problem;
    this.ear.message({ type: 'error', code, message, id: request.id });
    return true;
  }
}
