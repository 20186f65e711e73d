/** Client of the hub's REST API; uses the session cookie. */

/** A fault of a value in a document. */
export interface DocumentFault {
  /** JSON Pointer to the value; empty for the whole document. */
  pointer: string;
  detail: string;
}

/** Error response: the hub's problem document and its time. */
export class ApiError extends Error {
  readonly at = Date.now();

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly field?: string,
    readonly instance?: string,
    /** Every fault of the document that was sent, with a JSON Pointer to it. */
    readonly errors: DocumentFault[] = [],
  ) {
    super(detail);
  }
}

/** No response: the hub is unreachable. */
export class NetworkError extends Error {
  readonly at = Date.now();

  constructor() {
    super('Hub unreachable.');
  }
}

export interface RequestOptions {
  method?: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** A body that is JSON already, instead of `body`. */
  text?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const API = '/api/v1';
/** Timeout, because a dead connection never completes a request. */
const TIMEOUT_MS = 20_000;
let signedOutListener = (): void => {};

/** Sets the listener for an expired session. */
export function onSignedOut(listener: () => void): void {
  signedOutListener = listener;
}

/** A resource with its ETag. */
export interface Tagged<T> {
  body: T;
  etag: string;
}

/**
 *  Sends a request to the hub.
 *
 * @param path below /api/v1, its parts already encoded
 * @throws ApiError for an error response, NetworkError without a response, AbortError if aborted
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return bodyOf(await send(path, options), path);
}

async function bodyOf<T>(response: Response, path: string): Promise<T> {
  if (response.ok) {
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  if (response.status === 401 && path !== '/session') {
    signedOutListener();
  }
  throw await apiError(response);
}

/**
 * Sends a request whose answer has an ETag. Throws the errors of `request`.
 *
 * @param known ETag of the known version; null is answered if it is still the present one
 */
export async function requestTagged<T>(
  path: string,
  options: RequestOptions = {},
  known = '',
): Promise<Tagged<T> | null> {
  const headers = { ...options.headers, ...(known ? { 'If-None-Match': known } : {}) };
  const response = await send(path, { ...options, headers });
  if (response.status === 304) {
    return null;
  }
  return { body: await bodyOf<T>(response, path), etag: response.headers.get('ETag') ?? '' };
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const init: RequestInit = { method: options.method ?? 'GET', credentials: 'same-origin' };
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = body;
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
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const title = problem.title ?? `HTTP status ${response.status}`;
  return new ApiError(
    response.status,
    problem.code ?? '',
    title,
    problem.detail ?? title,
    problem.field,
    problem.instance,
    problem.errors,
  );
}

type Problem = Partial<
  Record<'title' | 'code' | 'detail' | 'field' | 'instance', string> & { errors: DocumentFault[] }
>;

/** Whether the error is an abort by this console. */
export function isAborted(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === 'AbortError';
}

export const part = encodeURIComponent;
