import { Heartbeat } from './heartbeat';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

type HubFrame =
  | { type: 'hello'; epoch: string; heartbeat: number; time: number }
  | { type: 'pong'; time?: number }
  | ServerMessage;

const OPEN_WITHIN_MS = 8_000;
/** Close code: API key revoked or session expired. */
const REVOKED = 4401;

/** WebSocket transport: adds and removes subscriptions on one connection. */
export function webSocketTransport(open: () => WebSocket): Transport {
  return {
    name: 'websocket',
    open: (requests, listener) => new WebSocketConnection(open(), requests, listener),
  };
}

class WebSocketConnection implements Connection {
  private readonly heartbeat = new Heartbeat(
    () => this.sendFrame({ type: 'ping' }),
    () => this.end(false),
  );
  private readonly openTimer: ReturnType<typeof setTimeout>;
  /** Ids of the subscriptions sent to the hub. */
  private subscribed = new Set<number>();
  private firstReceived: number | null = null;
  private lastReceived = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.openTimer = setTimeout(() => this.end(false), OPEN_WITHIN_MS);
    socket.onmessage = (message) => this.received(String(message.data));
    socket.onclose = (closing) => this.end(closing.code === REVOKED);
  }

  sync(): void {
    const requests = this.requests();
    const wanted = new Set(requests.map(({ id }) => id));
    for (const id of this.subscribed) {
      if (!wanted.has(id)) {
        this.sendFrame({ type: 'unsubscribe', id });
      }
    }
    for (const request of requests) {
      if (!this.subscribed.has(request.id)) {
        this.sendFrame({ type: 'subscribe', ...request });
      }
    }
    this.subscribed = wanted;
  }

  probe(): void {
    this.heartbeat.probe();
  }

  close(): void {
    clearTimeout(this.openTimer);
    this.heartbeat.stop();
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.close();
  }

  private end(isUnauthorized: boolean): void {
    this.close();
    const lastReceived = this.firstReceived === null ? null : this.lastReceived;
    const openMs = this.firstReceived === null ? null : this.lastReceived - this.firstReceived;
    this.listener.closed({ openMs, lastReceived, isUnauthorized });
  }

  private received(text: string): void {
    this.heartbeat.received();
    this.lastReceived = Date.now();
    const frame = JSON.parse(text) as HubFrame | HubFrame[];
    for (const one of Array.isArray(frame) ? frame : [frame]) {
      this.take(one);
    }
  }

  private take(frame: HubFrame): void {
    switch (frame.type) {
      case 'hello':
        clearTimeout(this.openTimer);
        this.firstReceived = Date.now();
        this.heartbeat.start(frame.heartbeat * 1000);
        this.listener.hubTime(frame.time);
        this.listener.opened();
        return;
      case 'pong':
        if (frame.time) {
          this.listener.hubTime(frame.time);
        }
        return;
      default:
        this.listener.message(frame);
    }
  }

  private sendFrame(frame: object): void {
    if (this.socket.readyState === 1) {
      this.socket.send(JSON.stringify(frame));
    }
  }
}
