const LONGEST_QUIET_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;
const PROBE_WITHIN_MS = 2_000;

/**
 * Notices a line on which nothing comes any more. Browsers do not show WebSocket pings, so the
 * console asks for itself: after ten seconds of quiet (a third of a short heartbeat) it sends a
 * ping, and an answer that stays away means that the line is dead. Always within two heartbeats.
 */
export class Heartbeat {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private quietMs = LONGEST_QUIET_MS;
  private answerMs = ANSWER_WITHIN_MS;
  private running = false;
  private lastHeard = 0;
  private frames = 0;

  constructor(
    private readonly ping: () => void,
    private readonly dead: () => void,
  ) {}

  start(heartbeatMs: number): void {
    this.running = true;
    this.quietMs = Math.min(LONGEST_QUIET_MS, heartbeatMs / 3);
    this.answerMs = Math.min(ANSWER_WITHIN_MS, heartbeatMs / 2);
    this.lastHeard = Date.now();
    this.listen(this.quietMs);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  /** Cheap, as it is called for each frame: the timer finds out for itself. */
  heard(): void {
    this.lastHeard = Date.now();
    this.frames++;
  }

  /** Asks now and hurries the answer: the machine slept, or its network changed. */
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
    const quiet = Date.now() - this.lastHeard;
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
