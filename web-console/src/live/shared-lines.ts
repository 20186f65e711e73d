import { BEAT_MS, type FromTab, type News, type Port, type ToTab } from './shared-messages';
import type { Told, Wish } from './subscriptions';
import type { Line, Way, WayName } from './way';

/** The hub takes no more subscriptions on one connection. */
const MOST_WISHES = 64;
/** Hidden tabs may say something once a minute only. A tab that crashed says nothing. */
const TAB_GONE_MS = 150_000;

/** A subscription of a tab on a shared line. */
interface Shared {
  tab: Tab;
  wish: Wish;
}

/**
 * The lines to the hub that the tabs of a browser share: a browser opens six connections to a host,
 * and a stream or a poll for each tab would leave none for their requests. Runs in a shared worker,
 * which belongs to no tab: it goes on whichever of them is closed, frozen or crashes.
 *
 * A line carries the subscriptions of all its tabs under ids of its own, and keeps the cursor of
 * each: when a tab comes or goes the line asks anew from there, and none misses anything.
 */
export class SharedLines {
  private readonly lines = new Set<SharedLine>();
  private readonly tabs = new Set<Tab>();

  constructor(private readonly ways: Partial<Record<WayName, Way>>) {
    setInterval(() => this.look(), BEAT_MS);
  }

  /** A tab wants a line. */
  connect(port: Port): void {
    const tab = new Tab(port, this);
    this.tabs.add(tab);
    port.onmessage = (message) => tab.heard(message.data as FromTab);
  }

  /** Finds a line with room for this tab, or opens one. */
  join(tab: Tab): void {
    const way = this.ways[tab.way];
    if (!way) {
      tab.end({ carriedMs: null, isShutOut: false });
      return;
    }
    const line = [...this.lines].find((one) => one.isFor(tab) && one.size + tab.wishes.length <= MOST_WISHES);
    const joined = line ?? new SharedLine(way, tab.key, (over) => this.forget(over));
    if (!line) {
      this.lines.add(joined);
    }
    joined.add(tab);
  }

  /** A tab has come to wish more than its line can carry. */
  move(tab: Tab): void {
    tab.line?.remove(tab);
    this.join(tab);
  }

  leave(tab: Tab): void {
    this.tabs.delete(tab);
    tab.line?.remove(tab);
  }

  private forget(line: SharedLine): void {
    this.lines.delete(line);
  }

  private look(): void {
    const now = Date.now();
    for (const tab of this.tabs) {
      if (now - tab.heardAt > TAB_GONE_MS) {
        tab.leave();
      } else {
        tab.say({ say: 'beat' });
      }
    }
  }
}

/** A line of a tab, as the worker knows it. */
class Tab {
  line: SharedLine | null = null;
  way: WayName = 'stream';
  key = '';
  wishes: Wish[] = [];
  heardAt = Date.now();
  private news: News[] = [];

  constructor(
    private readonly port: Port,
    private readonly all: SharedLines,
  ) {}

  heard(message: FromTab): void {
    this.heardAt = Date.now();
    switch (message.say) {
      case 'open':
        this.way = message.way;
        this.key = message.key;
        this.all.join(this);
        return;
      case 'wishes':
        this.wishes = message.wishes;
        if (this.line && !this.line.wishesOf(this)) {
          this.all.move(this);
        }
        return;
      case 'probe':
        this.line?.probe();
        this.say({ say: 'beat' });
        return;
      case 'beat':
        return;
      case 'close':
        this.leave();
        return;
    }
  }

  say(message: ToTab): void {
    this.port.postMessage(message);
  }

  /** What is told in one turn goes together: a message for each event would cost more than the event. */
  tell(news: News): void {
    if (this.news.length === 0) {
      queueMicrotask(() => {
        this.say({ say: 'news', news: this.news });
        this.news = [];
      });
    }
    this.news.push(news);
  }

  end(ending: { carriedMs: number | null; isShutOut: boolean }): void {
    this.line = null;
    // Behind what is still to be told.
    queueMicrotask(() => {
      this.say({ say: 'ended', ending });
      this.all.leave(this);
    });
  }

  leave(): void {
    this.all.leave(this);
    this.port.onmessage = null;
    this.port.close();
  }
}

/** One line to the hub, and the tabs that share it. */
class SharedLine {
  private readonly tabs = new Set<Tab>();
  private readonly shared = new Map<number, Shared>();
  private readonly line: Line;
  private nextId = 1;
  private carries = false;

  constructor(
    private readonly way: Way,
    private readonly key: string,
    private readonly over: (line: SharedLine) => void,
  ) {
    this.line = way.open(() => this.wishes(), {
      carries: () => this.stands(),
      hubTime: (hubMillis) => this.each({ say: 'time', hubMillis }),
      told: (told) => this.told(told),
      reached: (ids, cursor) => this.reached(ids, cursor),
      ended: (ending) => this.end((tab) => tab.end(ending)),
    });
  }

  get size(): number {
    return this.shared.size;
  }

  isFor(tab: Tab): boolean {
    return this.way.name === tab.way && this.key === tab.key;
  }

  add(tab: Tab): void {
    this.tabs.add(tab);
    tab.line = this;
    if (this.carries) {
      tab.say({ say: 'carries' });
    }
    this.wishesOf(tab);
    this.each({ say: 'tabs', tabs: this.tabs.size });
  }

  remove(tab: Tab): void {
    this.tabs.delete(tab);
    tab.line = null;
    for (const [id, one] of this.shared) {
      if (one.tab === tab) {
        this.shared.delete(id);
      }
    }
    if (this.tabs.size === 0) {
      this.over(this);
      this.line.close();
    } else {
      this.changed();
      this.each({ say: 'tabs', tabs: this.tabs.size });
    }
  }

  probe(): void {
    this.line.probe();
  }

  /**
   * Takes what a tab wishes now. Of what it wished before the line knows better how far it was told.
   *
   * @returns whether there is room for it
   */
  wishesOf(tab: Tab): boolean {
    const wished = new Map(tab.wishes.map((wish) => [wish.id, wish]));
    for (const [id, one] of this.shared) {
      if (one.tab === tab && !wished.delete(one.wish.id)) {
        this.shared.delete(id);
      }
    }
    if (this.shared.size + wished.size > MOST_WISHES && this.tabs.size > 1) {
      // It moves on from where it has been told here.
      tab.wishes = tab.wishes.map((wish) => ({ ...wish, ...this.known(tab, wish.id) }));
      return false;
    }
    for (const wish of wished.values()) {
      this.shared.set(this.nextId++, { tab, wish: { ...wish } });
    }
    this.changed();
    return true;
  }

  private known(tab: Tab, id: number): Wish | undefined {
    for (const one of this.shared.values()) {
      if (one.tab === tab && one.wish.id === id) {
        return one.wish;
      }
    }
    return undefined;
  }

  private wishes(): Wish[] {
    return [...this.shared].map(([id, { wish }]) => ({ ...wish, id }));
  }

  private changed(): void {
    if (this.carries) {
      this.line.carry();
    }
  }

  private stands(): void {
    this.carries = true;
    this.each({ say: 'carries' });
    this.line.carry();
  }

  private told(told: Told): void {
    const one = told.id === undefined ? undefined : this.shared.get(told.id);
    if (!one) {
      return;
    }
    const cursor = 'cursor' in told ? told.cursor : undefined;
    if (cursor && (told.type !== 'subscribed' || one.wish.after === undefined)) {
      one.wish.after = cursor;
    }
    one.tab.tell({ told: { ...told, id: one.wish.id } as Told });
  }

  private reached(ids: number[], cursor: string): void {
    const byTab = new Map<Tab, number[]>();
    for (const id of ids) {
      const one = this.shared.get(id);
      if (one) {
        one.wish.after = cursor;
        byTab.set(one.tab, [...(byTab.get(one.tab) ?? []), one.wish.id]);
      }
    }
    for (const [tab, its] of byTab) {
      tab.tell({ ids: its, cursor });
    }
  }

  private end(tell: (tab: Tab) => void): void {
    this.over(this);
    for (const tab of this.tabs) {
      tell(tab);
    }
  }

  private each(message: ToTab): void {
    for (const tab of this.tabs) {
      tab.say(message);
    }
  }
}
