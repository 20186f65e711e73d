import { type FromTab, KEEPALIVE_MS, type Port, type ToTab } from './shared-messages';
import type { SubscribeRequest } from './subscriptions';
import type { CloseInfo, Connection, ConnectionListener, Transport } from './transport';

/** Timeout for the first message of the worker. */
const WORKER_WITHIN_MS = 4_000;
const SILENT_MS = 3 * KEEPALIVE_MS;
/** Timeout for the answer to a probe after silence; the tab itself may have been frozen. */
const PROBE_MS = 3_000;
const NOTHING_RECEIVED: CloseInfo = { openMs: null, lastReceived: null, isUnauthorized: false };
/** A tab hidden for this long closes a connection that it does not share. */
const HIDDEN_MS = 20_000;

/**
 * Transport whose connection is shared by the tabs of the browser through a shared worker.
 * Without a worker, each tab has its own connection and closes it while hidden.
 *
 * @param openPort opens a port to the worker; null if not supported
 * @param key tabs with the same key share a connection; the hub filters events by identity
 */
export function sharedTransport(own: Transport, openPort: () => Port | null, key: () => string): Transport {
  return {
    name: own.name,
    open: (requests, listener) => {
      const port = tryOpenPort(openPort);
      return port
        ? new SharedConnection(own, port, requests, listener, key())
        : new OwnConnection(own, requests, listener);
    },
  };
}

function tryOpenPort(openPort: () => Port | null): Port | null {
  try {
    return openPort();
  } catch {
    return null;
  }
}

/** This tab's side of a shared connection. */
class SharedConnection implements Connection {
  private own: Connection | null = null;
  private hasReceived = false;
  private isProbing = false;
  private openedAt: number | null = null;
  private lastReceived = Date.now();
  private readonly keepalive: ReturnType<typeof setInterval>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly port: Port,
    private readonly requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
    key: string,
  ) {
    port.onmessage = (message) => this.receive(message.data as ToTab);
    this.send({ send: 'open', transport: transport.name, key });
    this.timer = setTimeout(() => this.useOwnConnection(), WORKER_WITHIN_MS);
    this.keepalive = setInterval(() => this.checkWorker(), KEEPALIVE_MS);
    window.addEventListener('pagehide', this.onPageHide);
    window.addEventListener('pageshow', this.onPageShow);
  }

  sync(): void {
    if (this.own) {
      this.own.sync();
    } else {
      this.send({ send: 'subscribe', requests: this.requests() });
    }
  }

  probe(): void {
    if (this.own) {
      this.own.probe();
    } else {
      this.expectAnswer();
    }
  }

  close(): void {
    this.disconnect();
    this.own?.close();
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    clearInterval(this.keepalive);
    window.removeEventListener('pagehide', this.onPageHide);
    window.removeEventListener('pageshow', this.onPageShow);
    this.port.onmessage = null;
    this.send({ send: 'close' });
    this.port.close();
  }

  private readonly onPageHide = (): void => this.send({ send: 'close' });

  /** Restored from the back/forward cache: the tab has left the shared connection. */
  private readonly onPageShow = (event: PageTransitionEvent): void => {
    if (event.persisted) {
      this.end(NOTHING_RECEIVED);
    }
  };

  private send(message: FromTab): void {
    this.port.postMessage(message);
  }

  private useOwnConnection(): void {
    this.disconnect();
    this.own = new OwnConnection(this.transport, this.requests, this.listener);
  }

  private checkWorker(): void {
    this.send({ send: 'heartbeat' });
    if (this.hasReceived && !this.isProbing && Date.now() - this.lastReceived > SILENT_MS) {
      this.expectAnswer();
    }
  }

  /** The worker may die with its process without notice. */
  private expectAnswer(): void {
    this.isProbing = true;
    this.send({ send: 'probe' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(this.closeInfo()), PROBE_MS);
  }

  private receive(message: ToTab): void {
    this.lastReceived = Date.now();
    this.hasReceived = true;
    this.isProbing = false;
    clearTimeout(this.timer);
    switch (message.send) {
      case 'opened':
        if (this.openedAt === null) {
          this.openedAt = this.lastReceived;
          this.listener.opened();
        }
        return;
      case 'tabs':
        this.listener.tabs?.(message.tabs);
        return;
      case 'hub-time':
        this.listener.hubTime(message.hubMillis);
        return;
      case 'updates':
        for (const one of message.updates) {
          'message' in one
            ? this.listener.message(one.message)
            : this.listener.cursorReached(one.ids, one.cursor);
        }
        return;
      case 'heartbeat':
        return;
      case 'closed':
        this.end(message.closeInfo);
        return;
    }
  }

  /** What the tab itself knows of a connection whose worker no longer answers. */
  private closeInfo(): CloseInfo {
    return this.openedAt === null
      ? NOTHING_RECEIVED
      : {
          openMs: this.lastReceived - this.openedAt,
          lastReceived: this.lastReceived,
          isUnauthorized: false,
        };
  }

  private end(closeInfo: CloseInfo): void {
    this.close();
    this.listener.closed(closeInfo);
  }
}

/** A connection that only this tab uses; closed while hidden, because other tabs may need it. */
class OwnConnection implements Connection {
  private connection: Connection | null;
  private hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.connection = transport.open(requests, listener);
    document.addEventListener('visibilitychange', this.onVisibilityChange);
    this.onVisibilityChange();
  }

  sync(): void {
    this.connection?.sync();
  }

  probe(): void {
    this.connection?.probe();
  }

  close(): void {
    clearTimeout(this.hidden);
    document.removeEventListener('visibilitychange', this.onVisibilityChange);
    this.connection?.close();
    this.connection = null;
  }

  private readonly onVisibilityChange = (): void => {
    clearTimeout(this.hidden);
    if (document.visibilityState === 'hidden') {
      this.hidden = setTimeout(() => this.suspend(), HIDDEN_MS);
    } else if (!this.connection) {
      this.resume();
    }
  };

  private suspend(): void {
    this.connection?.close();
    this.connection = null;
  }

  /** Resumes from the cursors. */
  private resume(): void {
    const connection = this.transport.open(this.requests, {
      ...this.listener,
      opened: () => connection.sync(),
    });
    this.connection = connection;
  }
}
