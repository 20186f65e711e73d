import { type FromTab, KEEPALIVE_MS, type Port, type ToTab, type Update } from './shared-messages';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { CloseInfo, Connection, Transport, TransportName } from './transport';

/** The hub's limit of subscriptions per connection. */
const MAX_SUBSCRIPTIONS = 64;
/** Timeout of a silent tab. Hidden tabs may send only once a minute; crashed tabs send nothing. */
const TAB_GONE_MS = 150_000;

/** Subscription of a tab on a shared connection. */
interface SharedSubscription {
  tab: Tab;
  request: SubscribeRequest;
}

/**
 * Connections to the hub shared by the tabs of a browser: a browser opens at most six HTTP/1.1
 * connections per host, and a stream or poll per tab would leave none for requests. Runs in a
 * shared worker, so it survives any tab that is closed, frozen or crashes.
 *
 * A connection carries the subscriptions of all its tabs under its own ids and keeps the cursor
 * of each. When tabs join or leave, it resumes from these cursors, so no tab misses an event.
 */
export class SharedConnections {
  private readonly connections = new Set<SharedConnection>();
  private readonly tabs = new Set<Tab>();

  constructor(private readonly transports: Partial<Record<TransportName, Transport>>) {
    setInterval(() => this.checkTabs(), KEEPALIVE_MS);
  }

  /** Accepts a tab. */
  connect(port: Port): void {
    const tab = new Tab(port, this);
    this.tabs.add(tab);
    port.onmessage = (message) => tab.receive(message.data as FromTab);
  }

  /** Adds the tab to a connection with free capacity, or opens one. */
  join(tab: Tab): void {
    const transport = this.transports[tab.transport];
    if (!transport) {
      tab.end({ openMs: null, lastReceived: null, isUnauthorized: false });
      return;
    }
    const connection = [...this.connections].find(
      (one) => one.isFor(tab) && one.size + tab.requests.length <= MAX_SUBSCRIPTIONS,
    );
    const joined = connection ?? new SharedConnection(transport, tab.key, (onEnd) => this.forget(onEnd));
    if (!connection) {
      this.connections.add(joined);
    }
    joined.add(tab);
  }

  /** Moves a tab whose subscriptions exceed the capacity of its connection. */
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

  private checkTabs(): void {
    const now = Date.now();
    for (const tab of this.tabs) {
      if (now - tab.receivedAt > TAB_GONE_MS) {
        tab.leave();
      } else {
        tab.send({ send: 'heartbeat' });
      }
    }
  }
}

/** A tab as seen by the worker. */
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
      case 'subscribe':
        this.requests = message.requests;
        if (this.connection && !this.connection.assignRequests(this)) {
          this.all.move(this);
        }
        return;
      case 'probe':
        this.connection?.probe();
        this.send({ send: 'heartbeat' });
        return;
      case 'heartbeat':
        return;
      case 'close':
        this.leave();
        return;
    }
  }

  send(message: ToTab): void {
    this.port.postMessage(message);
  }

  /** Batches the updates of one microtask: one message per event would cost more than the event. */
  notify(updates: Update): void {
    if (this.updates.length === 0) {
      queueMicrotask(() => {
        this.send({ send: 'updates', updates: this.updates });
        this.updates = [];
      });
    }
    this.updates.push(updates);
  }

  end(closeInfo: CloseInfo): void {
    this.connection = null;
    // After pending updates.
    queueMicrotask(() => {
      this.send({ send: 'closed', closeInfo });
      this.all.leave(this);
    });
  }

  leave(): void {
    this.all.leave(this);
    this.port.onmessage = null;
    this.port.close();
  }
}

/** A connection to the hub and the tabs that share it. */
class SharedConnection {
  private readonly tabs = new Set<Tab>();
  private readonly shared = new Map<number, SharedSubscription>();
  private readonly connection: Connection;
  private nextId = 1;
  private isOpen = false;

  constructor(
    private readonly transport: Transport,
    private readonly key: string,
    private readonly onEnd: (connection: SharedConnection) => void,
  ) {
    this.connection = transport.open(() => this.requests(), {
      opened: () => this.onOpen(),
      hubTime: (hubMillis) => this.each({ send: 'hub-time', hubMillis }),
      message: (message) => this.deliver(message),
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
    if (this.isOpen) {
      tab.send({ send: 'opened' });
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
      this.onEnd(this);
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
   * Sets the subscriptions of a tab. For existing ones the connection's own cursor is newer.
   *
   * @returns whether there is enough capacity
   */
  assignRequests(tab: Tab): boolean {
    const wanted = new Map(tab.requests.map((request) => [request.id, request]));
    for (const [id, one] of this.shared) {
      if (one.tab === tab && !wanted.delete(one.request.id)) {
        this.shared.delete(id);
      }
    }
    if (this.shared.size + wanted.size > MAX_SUBSCRIPTIONS && this.tabs.size > 1) {
      // The tab resumes from the cursors of this connection.
      tab.requests = tab.requests.map((request) => ({ ...request, ...this.known(tab, request.id) }));
      return false;
    }
    for (const request of wanted.values()) {
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
    if (this.isOpen) {
      this.connection.sync();
    }
  }

  private onOpen(): void {
    this.isOpen = true;
    this.each({ send: 'opened' });
    this.connection.sync();
  }

  private deliver(message: ServerMessage): void {
    const one = message.id === undefined ? undefined : this.shared.get(message.id);
    if (!one) {
      return;
    }
    const cursor = 'cursor' in message ? message.cursor : undefined;
    if (cursor && (message.type !== 'subscribed' || one.request.after === undefined)) {
      one.request.after = cursor;
    }
    one.tab.notify({ message: { ...message, id: one.request.id } as ServerMessage });
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
    this.onEnd(this);
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
