/** The hub's REST door, asked with the session's cookie. */

/** An answer that is no: the hub's problem document, and when it came. */
export class ApiError extends Error {
  readonly at = Date.now();

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly field?: string,
    readonly instance?: string,
  ) {
    super(detail);
  }
}

/** No answer at all: the hub cannot be reached. */
export class NetworkError extends Error {
  readonly at = Date.now();

  constructor() {
    super('The hub does not answer.');
  }
}

export interface RequestOptions {
  method?: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const API = '/api/v1';
/** A line that died without a word keeps an answer for ever. */
const TIMEOUT_MS = 20_000;
let onSignedOut = (): void => {};

/** Who is told when the hub no longer knows who is asking. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/**
 * Asks the hub.
 *
 * @param path below /api/v1, its parts already encoded
 * @throws ApiError when the hub says no, Unreachable when it says nothing, AbortError when called off
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.ok) {
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  if (response.status === 401 && path !== '/session') {
    onSignedOut();
  }
  throw await apiError(response);
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const init: RequestInit = { method: options.method ?? 'GET', credentials: 'same-origin' };
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  init.signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    return await fetch(API + path + queryText(options.query), { ...init, headers });
  } catch (fault) {
    throw fault instanceof DOMException && fault.name === 'AbortError' ? fault : new NetworkError();
  }
}

function queryText(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
}

async function apiError(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, string | undefined>;
  const title = problem.title ?? `The hub answered ${response.status}`;
  return new ApiError(
    response.status,
    problem.code ?? '',
    title,
    problem.detail ?? title,
    problem.field,
    problem.instance,
  );
}

/** Whether the fault is only that we called the question off ourselves. */
export function isAborted(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === 'AbortError';
}

export const part = encodeURIComponent;
