import { BEAT_MS, type FromTab, type Port, type ToTab, type Update } from './shared-messages';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, Transport, TransportName } from './transport';

/** The hub takes no more subscriptions on one connection. */
const MAX_SUBSCRIPTIONS = 64;
/** Hidden tabs may say something once a minute only. A tab that crashed says nothing. */
const TAB_GONE_MS = 150_000;

/** A subscription of a tab on a shared line. */
interface SharedSubscription {
  tab: Tab;
  request: SubscribeRequest;
}

/**
 * The lines to the hub that the tabs of a browser share: a browser opens six connections to a host,
 * and a stream or a poll for each tab would leave none for their requests. Runs in a shared worker,
 * which belongs to no tab: it goes on whichever of them is closed, frozen or crashes.
 *
 * A line carries the subscriptions of all its tabs under ids of its own, and keeps the cursor of
 * each: when a tab comes or goes the line asks anew from there, and none misses anything.
 */
export class SharedConnections {
  private readonly connections = new Set<SharedConnection>();
  private readonly tabs = new Set<Tab>();

  constructor(private readonly transports: Partial<Record<TransportName, Transport>>) {
    setInterval(() => this.look(), BEAT_MS);
  }

  /** A tab wants a line. */
  connect(port: Port): void {
    const tab = new Tab(port, this);
    this.tabs.add(tab);
    port.onmessage = (message) => tab.receive(message.data as FromTab);
  }

  /** Finds a line with room for this tab, or opens one. */
  join(tab: Tab): void {
    const transport = this.transports[tab.transport];
    if (!transport) {
      tab.end({ openMs: null, isUnauthorized: false });
      return;
    }
    const connection = [...this.connections].find(
      (one) => one.isFor(tab) && one.size + tab.requests.length <= MAX_SUBSCRIPTIONS,
    );
    const joined = connection ?? new SharedConnection(transport, tab.key, (over) => this.forget(over));
    if (!connection) {
      this.connections.add(joined);
    }
    joined.add(tab);
  }

  /** A tab has come to wish more than its line can carry. */
  move(tab: Tab): void {
    tab.connection?.remove(tab);
    this.join(tab);
  }

  leave(tab: Tab): void {
    this.tabs.delete(tab);
    tab.connection?.remove(tab);
  }

  private forget(connection: SharedConnection): void {
    this.connections.delete(connection);
  }

  private look(): void {
    const now = Date.now();
    for (const tab of this.tabs) {
      if (now - tab.receivedAt > TAB_GONE_MS) {
        tab.leave();
      } else {
        tab.send({ send: 'beat' });
      }
    }
  }
}

/** A line of a tab, as the worker knows it. */
class Tab {
  connection: SharedConnection | null = null;
  transport: TransportName = 'stream';
  key = '';
  requests: SubscribeRequest[] = [];
  receivedAt = Date.now();
  private updates: Update[] = [];

  constructor(
    private readonly port: Port,
    private readonly all: SharedConnections,
  ) {}

  receive(message: FromTab): void {
    this.receivedAt = Date.now();
    switch (message.send) {
      case 'open':
        this.transport = message.transport;
        this.key = message.key;
        this.all.join(this);
        return;
      case 'wishes':
        this.requests = message.requests;
        if (this.connection && !this.connection.assignRequests(this)) {
          this.all.move(this);
        }
        return;
      case 'probe':
        this.connection?.probe();
        this.send({ send: 'beat' });
        return;
      case 'beat':
        return;
      case 'close':
        this.leave();
        return;
    }
  }

  send(message: ToTab): void {
    this.port.postMessage(message);
  }

  /** What is told in one turn goes together: a message for each event would cost more than the event. */
  notify(updates: Update): void {
    if (this.updates.length === 0) {
      queueMicrotask(() => {
        this.send({ send: 'news', updates: this.updates });
        this.updates = [];
      });
    }
    this.updates.push(updates);
  }

  end(closeInfo: { openMs: number | null; isUnauthorized: boolean }): void {
    this.connection = null;
    // Behind what is still to be told.
    queueMicrotask(() => {
      this.send({ send: 'ended', ending: closeInfo });
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
class SharedConnection {
  private readonly tabs = new Set<Tab>();
  private readonly shared = new Map<number, SharedSubscription>();
  private readonly connection: Connection;
  private nextId = 1;
  private carries = false;

  constructor(
    private readonly transport: Transport,
    private readonly key: string,
    private readonly over: (connection: SharedConnection) => void,
  ) {
    this.connection = transport.open(() => this.requests(), {
      opened: () => this.stands(),
      hubTime: (hubMillis) => this.each({ send: 'time', hubMillis }),
      message: (told) => this.told(told),
      cursorReached: (ids, cursor) => this.reached(ids, cursor),
      closed: (closeInfo) => this.end((tab) => tab.end(closeInfo)),
    });
  }

  get size(): number {
    return this.shared.size;
  }

  isFor(tab: Tab): boolean {
    return this.transport.name === tab.transport && this.key === tab.key;
  }

  add(tab: Tab): void {
    this.tabs.add(tab);
    tab.connection = this;
    if (this.carries) {
      tab.send({ send: 'carries' });
    }
    this.assignRequests(tab);
    this.each({ send: 'tabs', tabs: this.tabs.size });
  }

  remove(tab: Tab): void {
    this.tabs.delete(tab);
    tab.connection = null;
    for (const [id, one] of this.shared) {
      if (one.tab === tab) {
        this.shared.delete(id);
      }
    }
    if (this.tabs.size === 0) {
      this.over(this);
      this.connection.close();
    } else {
      this.changed();
      this.each({ send: 'tabs', tabs: this.tabs.size });
    }
  }

  probe(): void {
    this.connection.probe();
  }

  /**
   * Takes what a tab wishes now. Of what it wished before the line knows better how far it was told.
   *
   * @returns whether there is room for it
   */
  assignRequests(tab: Tab): boolean {
    const wished = new Map(tab.requests.map((request) => [request.id, request]));
    for (const [id, one] of this.shared) {
      if (one.tab === tab && !wished.delete(one.request.id)) {
        this.shared.delete(id);
      }
    }
    if (this.shared.size + wished.size > MAX_SUBSCRIPTIONS && this.tabs.size > 1) {
      // It moves on from where it has been told here.
      tab.requests = tab.requests.map((request) => ({ ...request, ...this.known(tab, request.id) }));
      return false;
    }
    for (const request of wished.values()) {
      this.shared.set(this.nextId++, { tab, request: { ...request } });
    }
    this.changed();
    return true;
  }

  private known(tab: Tab, id: number): SubscribeRequest | undefined {
    for (const one of this.shared.values()) {
      if (one.tab === tab && one.request.id === id) {
        return one.request;
      }
    }
    return undefined;
  }

  private requests(): SubscribeRequest[] {
    return [...this.shared].map(([id, { request }]) => ({ ...request, id }));
  }

  private changed(): void {
    if (this.carries) {
      this.connection.sync();
    }
  }

  private stands(): void {
    this.carries = true;
    this.each({ send: 'carries' });
    this.connection.sync();
  }

  private told(told: ServerMessage): void {
    const one = told.id === undefined ? undefined : this.shared.get(told.id);
    if (!one) {
      return;
    }
    const cursor = 'cursor' in told ? told.cursor : undefined;
    if (cursor && (told.type !== 'subscribed' || one.request.after === undefined)) {
      one.request.after = cursor;
    }
    one.tab.notify({ told: { ...told, id: one.request.id } as ServerMessage });
  }

  private reached(ids: number[], cursor: string): void {
    const byTab = new Map<Tab, number[]>();
    for (const id of ids) {
      const one = this.shared.get(id);
      if (one) {
        one.request.after = cursor;
        byTab.set(one.tab, [...(byTab.get(one.tab) ?? []), one.request.id]);
      }
    }
    for (const [tab, its] of byTab) {
      tab.notify({ ids: its, cursor });
    }
  }

  private end(notify: (tab: Tab) => void): void {
    this.over(this);
    for (const tab of this.tabs) {
      notify(tab);
    }
  }

  private each(message: ToTab): void {
    for (const tab of this.tabs) {
      tab.send(message);
    }
  }
}
