import { computed, signal } from '@preact/signals';
import { definitions, followDefinitions } from '../device-types/definitions';
import { FeedClient, type Link } from '../feed/feed-client';
import { feedPort } from '../feed/feed-port';
import { pollTransport } from '../feed/poll-transport';
import { post } from '../feed/post';
import { sharedTransport } from '../feed/shared-transport';
import { sseTransport } from '../feed/sse-transport';
import type { SubscriptionHandle } from '../feed/subscriptions';
import { TransportFallback } from '../feed/transport-fallback';
import { webSocketTransport } from '../feed/websocket-transport';
import type { Session } from '../hub/api-types';
import { ApiError, NetworkError, onSignedOut, request } from '../hub/rest';
import { go, replaceUrl, route, signInUrl } from './router';

/** State shared by all screens: session, live connection, hub clock. */

export const session = signal<Session | null>(null);
/** Failure of the initial session request. */
export const startFault = signal<unknown>(null);
export const starting = signal(true);
export const link = signal<Link>({ state: 'connecting' });
export const isLost = computed(() => link.value.state === 'lost');
/** Increments every second to refresh ages. */
export const tick = signal(0);

/** Timeout after which the hub counts as unreachable. */
const HUB_WITHIN_MS = 5_000;
let clockSkew = 0;
let followingDefinitions: SubscriptionHandle | null = null;
const otherTabs = new BroadcastChannel('signalbox.session');

export const live = new FeedClient(
  {
    websocket: webSocketTransport(openSocket),
    stream: sharedTransport(sseTransport(post), feedPort, identity),
    poll: sharedTransport(pollTransport(post), feedPort, identity),
  },
  new TransportFallback(sessionStorage),
);

function openSocket(): WebSocket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocket(`${scheme}://${location.host}/api/v1/stream`, ['signalbox.v1.json']);
}

/** Identity of the session; the hub filters events by it. */
function identity(): string {
  return JSON.stringify(session.value && [session.value.keyId, session.value.scopes]);
}

/** Current time of the hub's clock, so that ages do not depend on the browser's clock. */
export function hubNow(): number {
  return Date.now() + clockSkew;
}

/** Time until which what is shown is valid, by the hub's clock: now, or that of the last data if the connection is lost. */
export function knownAt(): number {
  return link.value.state === 'lost' ? link.value.since + clockSkew : hubNow();
}

export function can(scope: string): boolean {
  const scopes = session.value?.scopes ?? [];
  return scopes.includes(scope) || scopes.includes('admin');
}

export async function start(): Promise<void> {
  live.onLink = (state) => {
    link.value = state;
  };
  live.onHubTime = (hubMillis) => {
    clockSkew = hubMillis - Date.now();
  };
  live.isHubReachable = isHubReachable;
  onSignedOut(signedOut);
  otherTabs.onmessage = () => void followOtherTabs();
  setInterval(() => tick.value++, 1000);
  await findSession();
}

export async function findSession(): Promise<void> {
  starting.value = true;
  startFault.value = null;
  try {
    enter(await request<Session>('/session'));
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 401) {
      signedOut();
    } else {
      startFault.value = fault;
    }
  }
  starting.value = false;
}

/** @throws ApiError if the key is unknown */
export async function signIn(key: string, next: string): Promise<void> {
  enter(await request<Session>('/session', { method: 'POST', body: { key } }));
  otherTabs.postMessage('signed in');
  replaceUrl(next);
}

/** Ends the session. If the hub is unreachable the user stays signed in. */
export async function signOut(): Promise<void> {
  try {
    await request('/session', { method: 'DELETE' });
  } catch (fault) {
    if (fault instanceof NetworkError) {
      return;
    }
  }
  leave();
  otherTabs.postMessage('signed out');
  go('/signin');
}

/** All tabs share the session cookie, so signing in or out applies to all of them. */
async function followOtherTabs(): Promise<void> {
  try {
    const found = await request<Session>('/session');
    if (session.value && session.value.keyId !== found.keyId) {
      location.reload();
    } else if (!session.value && route.value.screen === 'sign-in') {
      enter(found);
      replaceUrl(route.value.next);
    }
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 401) {
      signedOut();
    }
  }
}

function enter(found: Session): void {
  session.value = found;
  followingDefinitions?.close();
  followingDefinitions = followDefinitions(live);
  live.start();
}

function leave(): void {
  session.value = null;
  live.stop();
  definitions.clear();
}

function signedOut(): void {
  leave();
  if (route.value.screen !== 'sign-in') {
    replaceUrl(signInUrl(location.pathname + location.search));
  }
}

/** Whether the hub answers; signs out if the session is invalid. The connection pill shows an unreachable hub. */
async function isHubReachable(): Promise<boolean> {
  try {
    await request<Session>('/session', { signal: AbortSignal.timeout(HUB_WITHIN_MS) });
    return true;
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 401) {
      signedOut();
    }
    return false;
  }
}
