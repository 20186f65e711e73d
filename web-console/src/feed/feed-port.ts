import script from './feed-worker?sharedworker&url';
import type { Port } from './shared-messages';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(url: string): string };
}

/** A port to the worker that all tabs of this browser share; null where browsers have none. */
export function feedPort(): Port | null {
  if (typeof SharedWorker === 'undefined') {
    return null;
  }
  return new SharedWorker(trustedScript(), { type: 'module', name: 'signalbox' }).port;
}

let trusted: string | null = null;

/** The hub's content security policy wants the address of a script to be vouched for: it is this one only. */
function trustedScript(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trusted ??=
    trustedTypes?.createPolicy('feed-worker', { createScriptURL: () => script }).createScriptURL(script) ??
    script;
  return trusted;
}
