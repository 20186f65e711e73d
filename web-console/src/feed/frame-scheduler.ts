/**
 * Paints at most once per animation frame and never while the tab is hidden; only the newest
 * values are drawn. Repaints everything once per second to update ages.
 */
export class FrameScheduler {
  private frame = 0;
  private everything = true;
  private readonly clock: ReturnType<typeof setInterval>;

  constructor(private readonly paint: (everything: boolean) => void) {
    this.clock = setInterval(() => this.request(true), 1000);
  }

  request(everything = false): void {
    this.everything ||= everything;
    this.frame ||= requestAnimationFrame(() => {
      const all = this.everything;
      this.frame = 0;
      this.everything = false;
      this.paint(all);
    });
  }

  stop(): void {
    clearInterval(this.clock);
    cancelAnimationFrame(this.frame);
  }
}
