import { signal } from '@preact/signals';
import { hubNow, isLost } from '../app/app-state';
import { VIEWS, type View } from '../app/router';
import { isDue } from '../components/presence';
import type { FeedClient } from '../feed/feed-client';
import { RowStore } from '../feed/row-store';
import type { SubscriptionHandle } from '../feed/subscriptions';
import type { DevicePage, LiveEvent, Presence } from '../hub/api-types';
import { isAborted, request } from '../hub/rest';

export interface Filter {
  q: string;
  view: View;
}

export type Counts = Record<View, number>;

const PAGE = 200;
/** Values change before the eye at most this often; what comes faster is conflated by the hub. */
const RATE = 5;
const SETTLE_MS = 120;
const RECOUNT_MS = 1_000;
/** A poller that comes in time makes no event: when it comes next has to be asked for. */
const REPLAN_MS = 5_000;

/**
 * The list and what keeps it fresh: pages of rows in the hub's order (by id, so nothing jumps), the
 * presence of all, and the readings of the rows in view only. Rows keep their place until the list
 * is asked for anew.
 */
export class FleetFeed {
  readonly rows = new RowStore(hubNow);
  /** Counts up when rows came or went. */
  readonly version = signal(0);
  readonly total = signal(0);
  readonly loading = signal(true);
  readonly fault = signal<unknown>(null);
  readonly counts = signal<Counts | null>(null);
  /** Devices came or went since the list was read. */
  readonly outdated = signal(false);
  /** Told that some row's cells changed. */
  onChange = (): void => {};

  private filter: Filter = { q: '', view: 'all' };
  private next: string | null = null;
  private readonly cursors: (string | null)[] = [];
  private reading: AbortController | null = null;
  private more = false;
  private inView: SubscriptionHandle | null = null;
  private window = '';
  /** The rows that are followed, and the pages in which the hub has them. */
  private shown: { first: number; last: number; pages: (string | null)[] } = { first: 0, last: 0, pages: [] };
  private settle: ReturnType<typeof setTimeout> | undefined;
  private recount: ReturnType<typeof setTimeout> | undefined;
  private readonly replan: ReturnType<typeof setInterval>;
  private readonly presences: SubscriptionHandle;
  /** For each page under way the presences told meanwhile: no older than what it says. */
  private readonly told = new Set<Map<string, Presence>>();

  constructor(private readonly live: FeedClient) {
    this.presences = live.follow(
      { topics: ['presence'], rate: RATE },
      { readState: () => void this.read(this.filter), event: (event) => this.take(event) },
    );
    this.replan = setInterval(() => void this.readPlans(), REPLAN_MS);
  }

  close(): void {
    this.presences.close();
    this.inView?.close();
    this.reading?.abort();
    clearTimeout(this.settle);
    clearTimeout(this.recount);
    clearInterval(this.replan);
  }

  /** Reads the list from its start, for that filter; the rows on show stay until it is there. */
  async read(filter: Filter): Promise<void> {
    this.filter = filter;
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    this.loading.value = true;
    try {
      const page = await this.page(null, PAGE, reading.signal);
      this.rows.clear();
      this.cursors.length = 0;
      this.window = '';
      this.fault.value = null;
      this.outdated.value = false;
      this.append(null, page);
      void this.count();
    } catch (fault) {
      if (isAborted(fault)) {
        return;
      }
      this.fault.value = fault;
    }
    this.loading.value = false;
  }

  private async page(cursor: string | null, limit: number, signal?: AbortSignal): Promise<DevicePage> {
    const { q, view } = this.filter;
    const query = {
      limit,
      q,
      sort: 'id',
      include: 'latest',
      ...(cursor ? { cursor } : {}),
      ...(view === 'all' ? {} : { presence: view }),
    };
    const told = new Map<string, Presence>();
    this.told.add(told);
    try {
      const page = await request<DevicePage>('/devices', { query, ...(signal ? { signal } : {}) });
      const items = page.items.map((one) => ({ ...one, presence: told.get(one.id) ?? one.presence }));
      return { ...page, items };
    } finally {
      this.told.delete(told);
    }
  }

  private append(cursor: string | null, page: DevicePage): void {
    this.cursors.push(cursor);
    page.items.forEach((device) => {
      this.rows.put(device);
    });
    this.next = page.next;
    this.total.value = page.total;
    this.version.value++;
  }

  /** Tells which rows are in view: their readings are followed, and more rows fetched in time. */
  look(first: number, last: number): void {
    if (last > this.rows.size - PAGE / 2) {
      void this.fetchMore();
    }
    const window = `${first}:${last}:${this.version.value}`;
    if (window !== this.window && this.rows.size > 0) {
      this.window = window;
      clearTimeout(this.settle);
      this.settle = setTimeout(() => this.followWindow(first, last), SETTLE_MS);
    }
  }

  private async fetchMore(): Promise<void> {
    const cursor = this.next;
    if (this.more || cursor === null) {
      return;
    }
    this.more = true;
    try {
      this.append(cursor, await this.page(cursor, PAGE, this.reading?.signal));
    } catch (fault) {
      if (!isAborted(fault)) {
        this.outdated.value = true;
      }
    }
    this.more = false;
  }

  private followWindow(first: number, last: number): void {
    const devices = this.rows.devices.slice(first, last + 1).map((device) => device.id);
    const before = this.inView;
    const pages = this.cursors.slice(Math.floor(first / PAGE), Math.floor(last / PAGE) + 1);
    this.shown = { first, last, pages };
    this.inView = this.live.follow(
      { topics: ['telemetry'], devices, rate: RATE },
      { readState: () => void this.refresh(pages), event: (event) => this.take(event) },
    );
    before?.close();
  }

  /** Brings rows that were out of view up to date, now that their readings are followed. */
  private async refresh(pages: (string | null)[]): Promise<void> {
    try {
      for (const cursor of pages) {
        const page = await this.page(cursor, PAGE, this.reading?.signal);
        page.items
          .filter((device) => this.rows.slotOf(device.id) !== undefined)
          .forEach((device) => {
            this.rows.put(device);
          });
      }
      this.onChange();
    } catch (fault) {
      if (!isAborted(fault)) {
        this.outdated.value = true;
      }
    }
  }

  /** Asks for the plans of pollers in view that have come meanwhile, as none of them is overdue. */
  private async readPlans(): Promise<void> {
    const { first, last, pages } = this.shown;
    const rows = this.rows.devices.slice(first, last + 1);
    const isWatched = document.visibilityState === 'visible' && !isLost.peek();
    if (isWatched && rows.some((device) => isDue(device.presence, hubNow()))) {
      await this.refresh(pages);
    }
  }

  private take(event: LiveEvent): void {
    switch (event.type) {
      case 'telemetry':
        this.rows.telemetry(event.device, event.ts, event.values);
        break;
      case 'presence':
        this.rows.presence(event.device, event.presence);
        for (const told of this.told) {
          told.set(event.device, event.presence);
        }
        this.countSoon();
        break;
      case 'device':
        this.outdated.value = true;
        this.countSoon();
        break;
      case 'command':
      case 'twin':
        break;
    }
    this.onChange();
  }

  private countSoon(): void {
    this.recount ??= setTimeout(() => {
      this.recount = undefined;
      void this.count();
    }, RECOUNT_MS);
  }

  private async count(): Promise<void> {
    const { q } = this.filter;
    const total = async (presence: View): Promise<number> => {
      const query = { limit: 1, q, ...(presence === 'all' ? {} : { presence }) };
      return (await request<DevicePage>('/devices', { query })).total;
    };
    try {
      const counts = await Promise.all(VIEWS.map(async (view) => [view, await total(view)]));
      this.counts.value = Object.fromEntries(counts) as Counts;
      if (this.rows.size === 0 && this.counts.value.all > 0 && this.outdated.value) {
        await this.read(this.filter);
      }
    } catch {
      this.counts.value = null; // Unknown counts are not shown; the next change asks again.
    }
  }
}
