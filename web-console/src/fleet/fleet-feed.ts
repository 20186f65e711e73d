import { signal } from '@preact/signals';
import { hubNow, isLost } from '../app/app-state';
import { VIEWS, type View } from '../app/router';
import { isDue } from '../components/presence';
import { definitions, listedDefinitionOf } from '../device-types/definitions';
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
/** Maximum update rate of list values; the hub conflates faster ones. */
const RATE = 5;
const SETTLE_MS = 120;
const RECOUNT_MS = 1_000;
/** A punctual contact of a polling device causes no event, so its plan must be fetched. */
const REPLAN_MS = 5_000;

/**
 * Live device list: pages of rows in the hub's order (by id, so rows do not jump), presence of
 * all devices, and readings of the visible rows only. Rows keep their place until the list is
 * reloaded.
 */
export class FleetFeed {
  readonly rows = new RowStore(hubNow, (device, metric) => listedDefinitionOf(device).rank(metric));
  /** Incremented when rows are added or removed. */
  readonly version = signal(0);
  readonly total = signal(0);
  readonly loading = signal(true);
  readonly fault = signal<unknown>(null);
  readonly counts = signal<Counts | null>(null);
  /** Whether devices were added or removed since the list was loaded. */
  readonly outdated = signal(false);
  /** Called when cells of a row have changed. */
  onChange = (): void => {};

  private filter: Filter = { q: '', view: 'all' };
  private next: string | null = null;
  private readonly cursors: (string | null)[] = [];
  private reading: AbortController | null = null;
  private more = false;
  private inView: SubscriptionHandle | null = null;
  private window = '';
  /** The subscribed rows and their pages. */
  private shown: { first: number; last: number; pages: (string | null)[] } = { first: 0, last: 0, pages: [] };
  private settle: ReturnType<typeof setTimeout> | undefined;
  private recount: ReturnType<typeof setTimeout> | undefined;
  private readonly replan: ReturnType<typeof setInterval>;
  private readonly presences: SubscriptionHandle;
  private readonly unfollowTypes: () => void;
  /** Presence events received while a page loads: not older than the page. */
  private readonly newerPresence = new Set<Map<string, Presence>>();

  constructor(private readonly live: FeedClient) {
    this.presences = live.follow(
      { topics: ['presence'], rate: RATE },
      { readState: () => void this.read(this.filter), event: (event) => this.take(event) },
    );
    this.replan = setInterval(() => void this.readPlans(), REPLAN_MS);
    // Another definition may show another metric, of which the page has the newest value.
    this.unfollowTypes = definitions.version.subscribe(() => void this.refresh(this.shown.pages));
  }

  close(): void {
    this.presences.close();
    this.inView?.close();
    this.reading?.abort();
    clearTimeout(this.settle);
    clearTimeout(this.recount);
    clearInterval(this.replan);
    this.unfollowTypes();
  }

  /** Loads the list for a filter; current rows stay until it arrives. */
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
    const newerPresence = new Map<string, Presence>();
    this.newerPresence.add(newerPresence);
    try {
      const page = await request<DevicePage>('/devices', { query, ...(signal ? { signal } : {}) });
      await definitions.ready(page.items.map((device) => device.type));
      const items = page.items.map((one) => ({
        ...one,
        presence: newerPresence.get(one.id) ?? one.presence,
      }));
      return { ...page, items };
    } finally {
      this.newerPresence.delete(newerPresence);
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

  /** Sets the visible rows: subscribes to their readings and loads more rows in time. */
  setVisible(first: number, last: number): void {
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

  /** Updates rows that have become visible. */
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

  /** Fetches the new plans of visible polling devices whose planned contact has passed without an overdue event. */
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
        this.rows.telemetry(event.device, event.ts, event.values, event.misfits);
        break;
      case 'presence':
        this.rows.presence(event.device, event.presence);
        for (const newerPresence of this.newerPresence) {
          newerPresence.set(event.device, event.presence);
        }
        this.countSoon();
        break;
      case 'device':
        if (event.change === 'described') {
          definitions.descriptionChanged(event.device);
        } else {
          this.outdated.value = true;
          this.countSoon();
        }
        break;
      case 'command':
      case 'twin':
      case 'device-type':
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
      this.counts.value = null; // Unknown counts are hidden; the next change reloads them.
    }
  }
}
