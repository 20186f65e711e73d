import type { Post } from './post';
import { RequestSubscriptions } from './request-subscriptions';
import { type SseEvent, SseParser } from './sse-parser';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

/** Timeout for the first byte, which the hub sends at once: detects buffering proxies. */
const OPEN_WITHIN_MS = 8_000;
/** Heartbeat interval until the hub sends its own. */
const HEARTBEAT_MS = 15_000;
/** A stream open for this long was ended by an intermediary's limit, not by a failure. */
const STABLE_MS = 5_000;
/** Delay that combines several new subscriptions of a screen. */
const SETTLE_MS = 25;

/** Server-sent events transport: one request for all subscriptions, replaced when they change. */
export function sseTransport(post: Post): Transport {
  return { name: 'stream', open: (requests, listener) => new SseConnection(post, requests, listener) };
}

class SseConnection implements Connection {
  private call = new AbortController();
  private readonly subscriptions: RequestSubscriptions;
  private isOpen = false;
  private heartbeatMs = HEARTBEAT_MS;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  /** Times of the first byte of this connection and of the current request. */
  private firstReceived: number | null = null;
  private receivingSince: number | null = null;
  private lastReceived = 0;

  constructor(
    private readonly post: Post,
    requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.subscriptions = new RequestSubscriptions(requests, listener);
    this.openStream();
  }

  /** The first call also compares cursors: another connection may have advanced them in the meantime. */
  sync(): void {
    const isAnother = this.isOpen ? idsOf : JSON.stringify;
    this.isOpen = true;
    clearTimeout(this.settling);
    if (isAnother(this.subscriptions.current()) !== isAnother(this.subscriptions.requested)) {
      this.settling = setTimeout(() => this.openStream(), SETTLE_MS);
    }
  }

  /** A stream cannot be probed: replaces it, resuming from the cursors. */
  probe(): void {
    if (Date.now() - this.lastReceived > STABLE_MS) {
      this.openStream();
    }
  }

  close(): void {
    this.call.abort();
    clearTimeout(this.silence);
    clearTimeout(this.settling);
  }

  private openStream(): void {
    this.close();
    this.call = new AbortController();
    this.receivingSince = null;
    this.expectData(OPEN_WITHIN_MS);
    void this.readStream(this.subscriptions.begin(), this.call.signal);
  }

  private async readStream(subscribe: SubscribeRequest[], signal: AbortSignal): Promise<void> {
    let status = 0;
    try {
      const response = await this.post('/events', { subscribe }, signal, 'text/event-stream');
      status = response.status;
      if (response.ok && response.body) {
        await this.read(response.body, signal);
      } else if ((await this.subscriptions.handleRefusal(response)) && !signal.aborted) {
        this.openStream();
      }
    } catch {
      // The connection broke; its open time determines the reaction.
    }
    if (!signal.aborted) {
      this.streamEnded(status);
    }
  }

  private async read(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const reader = body.getReader();
    const text = new TextDecoder();
    const events = new SseParser(
      (event) => signal.aborted || this.take(event),
      (id) => signal.aborted || this.subscriptions.reached(id),
    );
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (signal.aborted) {
        return;
      }
      this.received();
      events.push(text.decode(piece.value, { stream: true }));
    }
  }

  private streamEnded(status: number): void {
    if (this.receivingSince !== null && this.lastReceived - this.receivingSince >= STABLE_MS) {
      this.openStream();
    } else {
      this.end(status === 401);
    }
  }

  private end(isUnauthorized: boolean): void {
    this.close();
    const lastReceived = this.firstReceived === null ? null : this.lastReceived;
    const openMs = this.firstReceived === null ? null : this.lastReceived - this.firstReceived;
    this.listener.closed({ openMs, lastReceived, isUnauthorized });
  }

  private received(): void {
    this.lastReceived = Date.now();
    if (this.receivingSince === null) {
      this.receivingSince = this.lastReceived;
      this.expectData(2 * this.heartbeatMs);
    }
    if (this.firstReceived === null) {
      this.firstReceived = this.lastReceived;
      this.listener.opened();
    }
  }

  /** Received data only records the time; the timer checks it. */
  private expectData(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const left = this.receivingSince === null ? 0 : this.lastReceived + 2 * this.heartbeatMs - Date.now();
      if (left > 0) {
        this.expectData(left);
      } else {
        this.end(false);
      }
    }, ms);
  }

  private take({ event, data }: SseEvent): void {
    const message = JSON.parse(data) as object;
    if (event === 'hello') {
      const { heartbeat, time } = message as { heartbeat: number; time: number };
      this.heartbeatMs = heartbeat * 1000;
      this.expectData(2 * this.heartbeatMs);
      this.listener.hubTime(time);
      return;
    }
    this.listener.message({ type: event, ...message } as ServerMessage);
  }
}

function idsOf(requests: SubscribeRequest[]): string {
  return requests.map(({ id }) => id).join();
}
