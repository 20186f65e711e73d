import { Heartbeat } from './heartbeat';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

type HubFrame =
  | { type: 'hello'; epoch: string; heartbeat: number; time: number }
  | { type: 'pong'; time?: number }
  | ServerMessage;

const OPEN_WITHIN_MS = 8_000;
/** The key or the session of the viewer is over. */
const REVOKED = 4401;

/** By WebSocket: subscriptions come and go on one connection. */
export function webSocketTransport(open: () => WebSocket): Transport {
  return {
    name: 'websocket',
    open: (requests, listener) => new WebSocketConnection(open(), requests, listener),
  };
}

class WebSocketConnection implements Connection {
  private readonly heartbeat = new Heartbeat(
    () => this.say({ type: 'ping' }),
    () => this.end(false),
  );
  private readonly patience: ReturnType<typeof setTimeout>;
  /** The subscriptions that the hub knows. */
  private said = new Set<number>();
  private firstHeard: number | null = null;
  private lastHeard = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.patience = setTimeout(() => this.end(false), OPEN_WITHIN_MS);
    socket.onmessage = (message) => this.heard(String(message.data));
    socket.onclose = (closing) => this.end(closing.code === REVOKED);
  }

  sync(): void {
    const requests = this.requests();
    const wished = new Set(requests.map(({ id }) => id));
    for (const id of this.said) {
      if (!wished.has(id)) {
        this.say({ type: 'unsubscribe', id });
      }
    }
    for (const request of requests) {
      if (!this.said.has(request.id)) {
        this.say({ type: 'subscribe', ...request });
      }
    }
    this.said = wished;
  }

  probe(): void {
    this.heartbeat.probe();
  }

  close(): void {
    clearTimeout(this.patience);
    this.heartbeat.stop();
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.close();
  }

  private end(isShutOut: boolean): void {
    this.close();
    const carriedMs = this.firstHeard === null ? null : this.lastHeard - this.firstHeard;
    this.listener.closed({ openMs: carriedMs, isUnauthorized: isShutOut });
  }

  private heard(text: string): void {
    this.heartbeat.heard();
    this.lastHeard = Date.now();
    const frame = JSON.parse(text) as HubFrame | HubFrame[];
    for (const one of Array.isArray(frame) ? frame : [frame]) {
      this.take(one);
    }
  }

  private take(frame: HubFrame): void {
    switch (frame.type) {
      case 'hello':
        clearTimeout(this.patience);
        this.firstHeard = Date.now();
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

  private say(frame: object): void {
    if (this.socket.readyState === 1) {
      this.socket.send(JSON.stringify(frame));
    }
  }
}
