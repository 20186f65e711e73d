import { vi } from 'vitest';
import type { Post } from '../src/feed/post';
import type { SubscribeRequest } from '../src/feed/subscriptions';

/** A request held until the test answers it. */
export class Request {
  called = false;
  private answer: (response: Response) => void = () => {};
  private fail: (fault: Error) => void = () => {};
  private stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly response: Promise<Response>;

  constructor(
    readonly path: string,
    readonly body: { subscribe: SubscribeRequest[]; wait?: number },
    signal: AbortSignal,
  ) {
    this.response = new Promise((answer, fail) => {
      this.answer = answer;
      this.fail = fail;
    });
    signal.addEventListener('abort', () => {
      this.called = true;
      this.breaks('aborted');
    });
  }

  says(answer: object, status = 200): void {
    this.answer(new Response(JSON.stringify(answer), { status }));
  }

  refuses(status: number): void {
    this.says({ title: 'no' }, status);
  }

  breaks(why = 'the line broke'): void {
    this.fail(new TypeError(why));
    this.stream?.error(new TypeError(why));
    this.stream = null;
  }

  /** Starts a streaming response. */
  opens(): void {
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        this.stream = stream;
      },
    });
    this.answer(new Response(body));
  }

  sends(text: string): void {
    this.stream?.enqueue(new TextEncoder().encode(text));
  }

  event(event: string, data: object, id?: string): void {
    this.sends(`event: ${event}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`);
  }

  ends(): void {
    this.stream?.close();
    this.stream = null;
  }
}

/** Records posted requests; the test answers them. */
export function fakePost(): { requests: Request[]; post: Post } {
  const requests: Request[] = [];
  const post: Post = (path, body, signal) => {
    const request = new Request(path, body as Request['body'], signal);
    requests.push(request);
    return request.response;
  };
  return { requests, post };
}

/** A listener of a connection that records its calls. */
export function fakeListener() {
  return {
    opened: vi.fn(),
    hubTime: vi.fn(),
    message: vi.fn(),
    cursorReached: vi.fn(),
    closed: vi.fn(),
  };
}
