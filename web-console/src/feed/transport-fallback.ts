import { TRANSPORTS, type TransportName } from './transport';

const KEY = 'signalbox.transport';
/** A way that has worked here fails more than once before it is held to be shut. */
const MAX_FAILURES = 2;
const FIRST_RETURN_MS = 30_000;
const LONGEST_RETURN_MS = 600_000;

/**
 * Which way is taken: the best one, the next when the network is seen to let that through no more,
 * and from time to time a try of the better ones. What worked is remembered for this tab, so that
 * the next page begins there.
 */
export class TransportFallback {
  private index: number;
  private failures = 0;
  private retries = 0;
  private readonly proven = new Set<TransportName>();

  constructor(private readonly memory: Pick<Storage, 'getItem' | 'setItem'>) {
    this.index = Math.max(0, TRANSPORTS.indexOf(memory.getItem(KEY) as TransportName));
  }

  get transport(): TransportName {
    return TRANSPORTS[this.index] as TransportName;
  }

  /** Those above the one that is taken, the best first. */
  get better(): readonly TransportName[] {
    return TRANSPORTS.slice(0, this.index);
  }

  succeeded(transport: TransportName): void {
    if (TRANSPORTS.indexOf(transport) < this.index) {
      this.retries = 0;
    }
    this.index = TRANSPORTS.indexOf(transport);
    this.proven.add(transport);
    this.memory.setItem(KEY, transport);
  }

  /** It went on for a while: what went wrong before does not count any more. */
  connectionLasted(): void {
    this.failures = 0;
  }

  /**
   * The hub can be reached, but this way brought nothing, or not for long.
   *
   * @returns whether another way is to be taken now; from the last one it is the first again, after
   *     a pause
   */
  failed(): boolean {
    this.failures++;
    if (this.proven.has(this.transport) && this.failures < MAX_FAILURES) {
      return false;
    }
    this.failures = 0;
    this.proven.delete(this.transport);
    this.index = (this.index + 1) % TRANSPORTS.length;
    return this.index > 0;
  }

  /** When the better ways are worth the next try, in ms: later each time that they were not. */
  retryDelay(random: () => number): number {
    const ceiling = Math.min(LONGEST_RETURN_MS, FIRST_RETURN_MS * 2 ** this.retries++);
    return Math.round(ceiling * (0.5 + random() / 2));
  }

  /** The network is another one: what was shut may be open. */
  networkChanged(): void {
    this.retries = 0;
  }
}
