import { TRANSPORTS, type TransportName } from './transport';

const KEY = 'signalbox.transport';
/** Failures in a row until a transport that has worked counts as blocked. */
const MAX_FAILURES = 2;
const FIRST_RETURN_MS = 30_000;
const LONGEST_RETURN_MS = 600_000;

/**
 * Selects the transport: the best one, or the next if the network blocks it; better ones are
 * retried periodically. The working transport is stored for this tab, so that the next page
 * starts with it.
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

  /** Transports better than the current one, best first. */
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

  /** Resets the failure count after a connection that lasted. */
  connectionLasted(): void {
    this.failures = 0;
  }

  /**
   * Records a transport failure while the hub is reachable.
   *
   * @returns whether to try another transport at once; after the last one it starts over after a
   * delay
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

  /** Delay until better transports are tried again, in ms; grows with each failed try. */
  retryDelay(random: () => number): number {
    const ceiling = Math.min(LONGEST_RETURN_MS, FIRST_RETURN_MS * 2 ** this.retries++);
    return Math.round(ceiling * (0.5 + random() / 2));
  }

  /** Resets the retry delay after a network change. */
  networkChanged(): void {
    this.retries = 0;
  }
}
