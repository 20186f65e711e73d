import script from './feed-worker?sharedworker&url';
import type { Port } from './shared-messages';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(url: string): string };
}

/** Port to the worker shared by all tabs of the browser; null if not supported. */
export function feedPort(): Port | null {
  if (typeof SharedWorker === 'undefined') {
    return null;
  }
  return new SharedWorker(trustedScript(), { type: 'module', name: 'signalbox' }).port;
}

let trusted: string | null = null;

/** The hub's content security policy requires Trusted Types: only this script URL is allowed. */
function trustedScript(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trusted ??=
    trustedTypes?.createPolicy('feed-worker', { createScriptURL: () => script }).createScriptURL(script) ??
    script;
  return trusted;
}
