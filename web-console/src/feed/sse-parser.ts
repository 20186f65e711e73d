export interface SseEvent {
  /** "message" where the event does not say. */
  event: string;
  data: string;
}

/**
 * Takes a text/event-stream apart, piece by piece as it comes, by the HTML standard: lines end with
 * CR, LF or both, a blank line ends an event, what begins with a colon is a comment.
 */
export class SseParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  /** @param onId told of each id behind the event that it came with, and of one that came alone */
  constructor(
    private readonly onEvent: (event: SseEvent) => void,
    private readonly onId: (id: string) => void,
  ) {}

  push(text: string): void {
    this.rest += text;
    // A CR at the end may be half of a line's end.
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
