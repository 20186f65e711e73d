import { WAYS, type WayName } from './way';

const KEY = 'signalbox.way';
/** A way that has worked here fails more than once before it is held to be shut. */
const STRIKES = 2;
const FIRST_RETURN_MS = 30_000;
const LONGEST_RETURN_MS = 600_000;

/**
 * Which way is taken: the best one, the next when the network is seen to let that through no more,
 * and from time to time a try of the better ones. What worked is remembered for this tab, so that
 * the next page begins there.
 */
export class Ladder {
  private place: number;
  private strikes = 0;
  private returns = 0;
  private readonly hasWorked = new Set<WayName>();

  constructor(private readonly memory: Pick<Storage, 'getItem' | 'setItem'>) {
    this.place = Math.max(0, WAYS.indexOf(memory.getItem(KEY) as WayName));
  }

  get way(): WayName {
    return WAYS[this.place] as WayName;
  }

  /** Those above the one that is taken, the best first. */
  get better(): readonly WayName[] {
    return WAYS.slice(0, this.place);
  }

  worksBy(way: WayName): void {
    if (WAYS.indexOf(way) < this.place) {
      this.returns = 0;
    }
    this.place = WAYS.indexOf(way);
    this.hasWorked.add(way);
    this.memory.setItem(KEY, way);
  }

  /** It went on for a while: what went wrong before does not count any more. */
  stayed(): void {
    this.strikes = 0;
  }

  /**
   * The hub can be reached, but this way brought nothing, or not for long.
   *
   * @returns whether another way is to be taken now; from the last one it is the first again, after
   *     a pause
   */
  fails(): boolean {
    this.strikes++;
    if (this.hasWorked.has(this.way) && this.strikes < STRIKES) {
      return false;
    }
    this.strikes = 0;
    this.hasWorked.delete(this.way);
    this.place = (this.place + 1) % WAYS.length;
    return this.place > 0;
  }

  /** When the better ways are worth the next try, in ms: later each time that they were not. */
  returnAfter(random: () => number): number {
    const ceiling = Math.min(LONGEST_RETURN_MS, FIRST_RETURN_MS * 2 ** this.returns++);
    return Math.round(ceiling * (0.5 + random() / 2));
  }

  /** The network is another one: what was shut may be open. */
  hopes(): void {
    this.returns = 0;
  }
}
