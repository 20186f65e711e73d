/**
 * Posts to the hub's REST API without a timeout.
 *
 * @param path below /api/v1
 */
export type Post = (path: string, body: object, signal: AbortSignal, accept: string) => Promise<Response>;

export const post: Post = (path, body, signal, accept) =>
  fetch(`/api/v1${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    headers: { Accept: accept, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
