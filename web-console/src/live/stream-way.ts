import { Asking } from './asking';
import { EventLines, type ServerSent } from './event-lines';
import type { Post } from './post';
import type { Told, Wish } from './subscriptions';
import type { Ear, Line, Way } from './way';

/** The hub says at once that it listens: a proxy that gathers what it passes on shows by this. */
const OPEN_WITHIN_MS = 8_000;
/** Until the hub has said how often it is heard at least. */
const HEARTBEAT_MS = 15_000;
/** What has carried for so long was ended by a limit on the way; it is not broken. */
const CARRIED_MS = 5_000;
/** Screens come with several subscriptions at once. */
const SETTLE_MS = 25;

/** By server-sent events: one request for all subscriptions, and another when they change. */
export function streamWay(post: Post): Way {
  return { name: 'stream', open: (wishes, ear) => new StreamLine(post, wishes, ear) };
}

class StreamLine implements Line {
  private call = new AbortController();
  private readonly asking: Asking;
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
    wishes: () => Wish[],
    private readonly ear: Ear,
  ) {
    this.asking = new Asking(wishes, ear);
    this.ask();
  }

  /** The first time cursors count as well: another line may have gone on while this one was tried. */
  carry(): void {
    const isAnother = this.carrying ? idsOf : JSON.stringify;
    this.carrying = true;
    clearTimeout(this.settling);
    if (isAnother(this.asking.now()) !== isAnother(this.asking.asked)) {
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
    void this.listen(this.asking.next(), this.call.signal);
  }

  private async listen(subscribe: Wish[], signal: AbortSignal): Promise<void> {
    let status = 0;
    try {
      const response = await this.post('/events', { subscribe }, signal, 'text/event-stream');
      status = response.status;
      if (response.ok && response.body) {
        await this.read(response.body, signal);
      } else if ((await this.asking.isOneRefused(response)) && !signal.aborted) {
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
    const events = new EventLines(
      (event) => signal.aborted || this.take(event),
      (id) => signal.aborted || this.asking.reached(id),
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
    this.ear.ended({ carriedMs, isShutOut });
  }

  private heard(): void {
    this.lastHeard = Date.now();
    if (this.heardSince === null) {
      this.heardSince = this.lastHeard;
      this.listenFor(2 * this.heartbeatMs);
    }
    if (this.firstHeard === null) {
      this.firstHeard = this.lastHeard;
      this.ear.carries();
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

  private take({ event, data }: ServerSent): void {
    const told = JSON.parse(data) as object;
    if (event === 'hello') {
      const { heartbeat, time } = told as { heartbeat: number; time: number };
      this.heartbeatMs = heartbeat * 1000;
      this.listenFor(2 * this.heartbeatMs);
      this.ear.hubTime(time);
      return;
    }
    this.ear.told({ type: event, ...told } as Told);
  }
}

function idsOf(wishes: Wish[]): string {
  return wishes.map(({ id }) => id).join();
}
