import { BEAT_MS, type FromTab, type Port, type ToTab } from './shared-messages';
import type { SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

/** A worker that does not begin to speak by then does not run. */
const WORKER_WITHIN_MS = 4_000;
const SILENT_MS = 3 * BEAT_MS;
/** After a silence, how long an answer to a probe may take: the tab itself may have been frozen. */
const PROBE_MS = 3_000;
/** A tab that is hidden for so long gives up a line that it does not share. */
const HIDDEN_MS = 20_000;

/**
 * A way on which the tabs of this browser share one line, held by a shared worker. Where there is
 * no such worker a tab has a line of its own, which it gives up while it is hidden.
 *
 * @param dial a port to the worker; null where browsers have none
 * @param key tabs with the same share a line: what the hub tells depends on who asks
 */
export function sharedTransport(own: Transport, dial: () => Port | null, key: () => string): Transport {
  return {
    name: own.name,
    open: (requests, listener) => {
      const port = dialled(dial);
      return port
        ? new SharedConnection(own, port, requests, listener, key())
        : new OwnConnection(own, requests, listener);
    },
  };
}

function dialled(dial: () => Port | null): Port | null {
  try {
    return dial();
  } catch {
    return null;
  }
}

/** This tab's part of a line that the worker holds. */
class SharedConnection implements Connection {
  private own: Connection | null = null;
  private isHeard = false;
  private isProbing = false;
  private carries = false;
  private lastHeard = Date.now();
  private readonly beat: ReturnType<typeof setInterval>;
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
    this.beat = setInterval(() => this.look(), BEAT_MS);
    window.addEventListener('pagehide', this.hides);
    window.addEventListener('pageshow', this.returns);
  }

  sync(): void {
    if (this.own) {
      this.own.sync();
    } else {
      this.send({ send: 'wishes', requests: this.requests() });
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
    clearInterval(this.beat);
    window.removeEventListener('pagehide', this.hides);
    window.removeEventListener('pageshow', this.returns);
    this.port.onmessage = null;
    this.send({ send: 'close' });
    this.port.close();
  }

  private readonly hides = (): void => this.send({ send: 'close' });

  /** Out of the browser's cache of pages left: the worker was told that this one is gone. */
  private readonly returns = (event: PageTransitionEvent): void => {
    if (event.persisted) {
      this.end(null, false);
    }
  };

  private send(message: FromTab): void {
    this.port.postMessage(message);
  }

  private useOwnConnection(): void {
    this.disconnect();
    this.own = new OwnConnection(this.transport, this.requests, this.listener);
  }

  private look(): void {
    this.send({ send: 'beat' });
    if (this.isHeard && !this.isProbing && Date.now() - this.lastHeard > SILENT_MS) {
      this.expectAnswer();
    }
  }

  /** The worker dies with the process that it runs in, and nobody is told. */
  private expectAnswer(): void {
    this.isProbing = true;
    this.send({ send: 'probe' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(this.carries ? this.lastHeard : null, false), PROBE_MS);
  }

  private receive(message: ToTab): void {
    this.lastHeard = Date.now();
    this.isHeard = true;
    this.isProbing = false;
    clearTimeout(this.timer);
    switch (message.send) {
      case 'carries':
        if (!this.carries) {
          this.carries = true;
          this.listener.opened();
        }
        return;
      case 'tabs':
        this.listener.tabs?.(message.tabs);
        return;
      case 'time':
        this.listener.hubTime(message.hubMillis);
        return;
      case 'news':
        for (const one of message.updates) {
          'told' in one ? this.listener.message(one.told) : this.listener.cursorReached(one.ids, one.cursor);
        }
        return;
      case 'beat':
        return;
      case 'ended':
        this.end(message.ending.openMs, message.ending.isUnauthorized);
        return;
    }
  }

  private end(carriedMs: number | null, isShutOut: boolean): void {
    this.close();
    this.listener.closed({ openMs: carriedMs, isUnauthorized: isShutOut });
  }
}

/** A line that this tab has for itself: while it is hidden others may need the connection. */
class OwnConnection implements Connection {
  private connection: Connection | null;
  private hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.connection = transport.open(requests, listener);
    document.addEventListener('visibilitychange', this.turns);
    this.turns();
  }

  sync(): void {
    this.connection?.sync();
  }

  probe(): void {
    this.connection?.probe();
  }

  close(): void {
    clearTimeout(this.hidden);
    document.removeEventListener('visibilitychange', this.turns);
    this.connection?.close();
    this.connection = null;
  }

  private readonly turns = (): void => {
    clearTimeout(this.hidden);
    if (document.visibilityState === 'hidden') {
      this.hidden = setTimeout(() => this.giveUp(), HIDDEN_MS);
    } else if (!this.connection) {
      this.goOn();
    }
  };

  private giveUp(): void {
    this.connection?.close();
    this.connection = null;
  }

  /** From the cursors: what has happened meanwhile is told now. */
  private goOn(): void {
    const connection = this.transport.open(this.requests, {
      ...this.listener,
      opened: () => connection.sync(),
    });
    this.connection = connection;
  }
}
