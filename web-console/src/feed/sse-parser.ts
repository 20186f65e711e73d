export interface SseEvent {
  /** Event type; "message" by default. */
  event: string;
  data: string;
}

/**
 * Incremental parser for text/event-stream (HTML Living Standard): lines end with CR, LF or
 * CRLF, a blank line ends an event, lines starting with a colon are comments.
 */
export class SseParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  /** @param onId called with each id, after its event or alone */
  constructor(
    private readonly onEvent: (event: SseEvent) => void,
    private readonly onId: (id: string) => void,
  ) {}

  push(text: string): void {
    this.rest += text;
    // A CR at the end may be followed by LF in the next chunk.
    const whole = this.rest.endsWith('\r') ? this.rest.length - 1 : this.rest.length;
    const lines = this.rest.slice(0, whole).split(/\r\n|\r|\n/);
    this.rest = (lines.pop() ?? '') + this.rest.slice(whole);
    for (const line of lines) {
      this.line(line);
    }
  }

  private line(line: string): void {
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.data.push(value);
    } else if (field === 'event') {
      this.event = value;
    } else if (field === 'id') {
      this.id = value;
    }
  }

  private dispatch(): void {
    const { event, data, id } = this;
    this.event = '';
    this.data = [];
    this.id = null;
    if (data.length > 0) {
      this.onEvent({ event: event || 'message', data: data.join('\n') });
    }
    if (id) {
      this.onId(id);
    }
  }
}
