import type { Wish } from './subscriptions';
import type { Ear } from './way';

/** A request has to ask for something: of nobody's presence nothing is ever told. */
const NOTHING: Wish = { id: 0, topics: ['presence'], devices: ['nobody'] };

/** The subscriptions of a line that asks for all of them with each request. */
export class Asking {
  /** What was asked for last. */
  asked: Wish[] = [];
  private readonly refused = new Set<number>();
  private idleAt: string | undefined;

  constructor(
    private readonly wishes: () => Wish[],
    private readonly ear: Ear,
  ) {}

  /** What is to be asked for now. */
  next(): Wish[] {
    this.asked = this.now();
    return this.asked;
  }

  /** What is to be asked for if anything is to be. */
  now(): Wish[] {
    const wishes = this.wishes().filter(({ id }) => !this.refused.has(id));
    return wishes.length > 0 ? wishes : [{ ...NOTHING, ...(this.idleAt ? { after: this.idleAt } : {}) }];
  }

  /** Everything that was asked for has been told up to the cursor. */
  reached(cursor: string): void {
    this.idleAt = cursor;
    this.ear.reached(
      this.asked.map(({ id }) => id),
      cursor,
    );
  }

  /** Whether the hub refuses one of the subscriptions, which is told: the others can be had. */
  async isOneRefused(response: Response): Promise<boolean> {
    const problem = (await response.json().catch(() => ({}))) as Record<string, string | undefined>;
    const place = /^subscribe\[(\d+)\]/.exec(problem.field ?? '')?.[1];
    const wish = this.asked[Number(place ?? Number.NaN)];
    if (!wish) {
      return false;
    }
    this.refused.add(wish.id);
    const { code = '', detail: message = '' } = problem;
    this.ear.told({ type: 'error', code, message, id: wish.id });
    return true;
  }
}
