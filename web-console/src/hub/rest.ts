/** The hub's REST door, asked with the session's cookie. */

/** An answer that is no: the hub's problem document, and when it came. */
export class Refusal extends Error {
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
export class Unreachable extends Error {
  readonly at = Date.now();

  constructor() {
    super('The hub does not answer.');
  }
}

export interface Ask {
  method?: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const API = '/api/v1';
/** A line that died without a word keeps an answer for ever. */
const PATIENCE_MS = 20_000;
let onSignedOut = (): void => {};

/** Who is told when the hub no longer knows who is asking. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/**
 * Asks the hub.
 *
 * @param path below /api/v1, its parts already encoded
 * @throws Refusal when the hub says no, Unreachable when it says nothing, AbortError when called off
 */
export async function ask<T>(path: string, wish: Ask = {}): Promise<T> {
  const response = await send(path, wish);
  if (response.ok) {
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  if (response.status === 401 && path !== '/session') {
    onSignedOut();
  }
  throw await refusal(response);
}

async function send(path: string, wish: Ask): Promise<Response> {
  const init: RequestInit = { method: wish.method ?? 'GET', credentials: 'same-origin' };
  const headers: Record<string, string> = { Accept: 'application/json', ...wish.headers };
  if (wish.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(wish.body);
  }
  const patience = AbortSignal.timeout(PATIENCE_MS);
  init.signal = wish.signal ? AbortSignal.any([wish.signal, patience]) : patience;
  try {
    return await fetch(API + path + queryText(wish.query), { ...init, headers });
  } catch (fault) {
    throw fault instanceof DOMException && fault.name === 'AbortError' ? fault : new Unreachable();
  }
}

function queryText(query: Ask['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
}

async function refusal(response: Response): Promise<Refusal> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, string | undefined>;
  const title = problem.title ?? `The hub answered ${response.status}`;
  return new Refusal(
    response.status,
    problem.code ?? '',
    title,
    problem.detail ?? title,
    problem.field,
    problem.instance,
  );
}

/** Whether the fault is only that we called the question off ourselves. */
export function calledOff(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === 'AbortError';
}

export const part = encodeURIComponent;
