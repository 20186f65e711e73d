const LONGEST_QUIET_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;
const PROBE_WITHIN_MS = 2_000;

/**
 * Detects a dead connection within two heartbeats. Browsers do not expose WebSocket pings, so
 * the console sends its own after ten seconds of silence (a third of a shorter heartbeat
 * interval) and closes the connection if no answer arrives.
 */
export class Heartbeat {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private quietMs = LONGEST_QUIET_MS;
  private answerMs = ANSWER_WITHIN_MS;
  private running = false;
  private lastReceived = 0;
  private frames = 0;

  constructor(
    private readonly ping: () => void,
    private readonly dead: () => void,
  ) {}

  start(heartbeatMs: number): void {
    this.running = true;
    this.quietMs = Math.min(LONGEST_QUIET_MS, heartbeatMs / 3);
    this.answerMs = Math.min(ANSWER_WITHIN_MS, heartbeatMs / 2);
    this.lastReceived = Date.now();
    this.listen(this.quietMs);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  /** Called for every frame, so it only records the time; the timer checks it. */
  received(): void {
    this.lastReceived = Date.now();
    this.frames++;
  }

  /** Sends a ping with a short timeout, after sleep or a network change. */
  probe(): void {
    if (this.running) {
      this.expectAnswer(Math.min(PROBE_WITHIN_MS, this.answerMs));
    }
  }

  private listen(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), wait);
  }

  private check(): void {
    const quiet = Date.now() - this.lastReceived;
    if (quiet >= this.quietMs) {
      this.expectAnswer(this.answerMs);
    } else {
      this.listen(this.quietMs - quiet);
    }
  }

  private expectAnswer(within: number): void {
    const framesBefore = this.frames;
    this.ping();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.frames > framesBefore) {
        this.listen(this.quietMs);
      } else {
        this.dead();
      }
    }, within);
  }
}
