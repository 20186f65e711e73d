import type { Post } from './post';
import { RequestSubscriptions } from './request-subscriptions';
import { type SseEvent, SseParser } from './sse-parser';
import type { ServerMessage, SubscribeRequest } from './subscriptions';
import type { Connection, ConnectionListener, Transport } from './transport';

/** The hub says at once that it listens: a proxy that gathers what it passes on shows by this. */
const OPEN_WITHIN_MS = 8_000;
/** Until the hub has said how often it is heard at least. */
const HEARTBEAT_MS = 15_000;
/** What has carried for so long was ended by a limit on the way; it is not broken. */
const CARRIED_MS = 5_000;
/** Screens come with several subscriptions at once. */
const SETTLE_MS = 25;

/** By server-sent events: one request for all subscriptions, and another when they change. */
export function sseTransport(post: Post): Transport {
  return { name: 'stream', open: (requests, listener) => new SseConnection(post, requests, listener) };
}

class SseConnection implements Connection {
  private call = new AbortController();
  private readonly subscriptions: RequestSubscriptions;
  private carrying = false;
  private heartbeatMs = HEARTBEAT_MS;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  /** Of this line, and of the request under way. */
  private firstHeard: number | null = null;
  private heardSince: number | null = null;
  private lastHeard = 0;

  constructor(
    private readonly post: Post,
    requests: () => SubscribeRequest[],
    private readonly listener: ConnectionListener,
  ) {
    this.subscriptions = new RequestSubscriptions(requests, listener);
    this.ask();
  }

  /** The first time cursors count as well: another line may have gone on while this one was tried. */
  sync(): void {
    const isAnother = this.carrying ? idsOf : JSON.stringify;
    this.carrying = true;
    clearTimeout(this.settling);
    if (isAnother(this.subscriptions.current()) !== isAnother(this.subscriptions.requested)) {
      this.settling = setTimeout(() => this.ask(), SETTLE_MS);
    }
  }

  /** Nothing can be asked on a stream: another one is begun, which loses and doubles nothing. */
  probe(): void {
    if (Date.now() - this.lastHeard > CARRIED_MS) {
      this.ask();
    }
  }

  close(): void {
    this.call.abort();
    clearTimeout(this.silence);
    clearTimeout(this.settling);
  }

  private ask(): void {
    this.close();
    this.call = new AbortController();
    this.heardSince = null;
    this.listenFor(OPEN_WITHIN_MS);
    void this.listen(this.subscriptions.begin(), this.call.signal);
  }

  private async listen(subscribe: SubscribeRequest[], signal: AbortSignal): Promise<void> {
    let status = 0;
    try {
      const response = await this.post('/events', { subscribe }, signal, 'text/event-stream');
      status = response.status;
      if (response.ok && response.body) {
        await this.read(response.body, signal);
      } else if ((await this.subscriptions.handleRefusal(response)) && !signal.aborted) {
        this.ask();
      }
    } catch {
      // The line broke: what it has carried tells what to make of it.
    }
    if (!signal.aborted) {
      this.over(status);
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
      this.heard();
      events.push(text.decode(piece.value, { stream: true }));
    }
  }

  private over(status: number): void {
    if (this.heardSince !== null && this.lastHeard - this.heardSince >= CARRIED_MS) {
      this.ask();
    } else {
      this.end(status === 401);
    }
  }

  private end(isShutOut: boolean): void {
    this.close();
    const carriedMs = this.firstHeard === null ? null : this.lastHeard - this.firstHeard;
    this.listener.closed({ openMs: carriedMs, isUnauthorized: isShutOut });
  }

  private heard(): void {
    this.lastHeard = Date.now();
    if (this.heardSince === null) {
      this.heardSince = this.lastHeard;
      this.listenFor(2 * this.heartbeatMs);
    }
    if (this.firstHeard === null) {
      this.firstHeard = this.lastHeard;
      this.listener.opened();
    }
  }

  /** Cheap when something is heard: the timer finds out for itself. */
  private listenFor(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const left = this.heardSince === null ? 0 : this.lastHeard + 2 * this.heartbeatMs - Date.now();
      if (left > 0) {
        this.listenFor(left);
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
      this.listenFor(2 * this.heartbeatMs);
      this.listener.hubTime(time);
      return;
    }
    this.listener.message({ type: event, ...message } as ServerMessage);
  }
}

function idsOf(requests: SubscribeRequest[]): string {
  return requests.map(({ id }) => id).join();
}
