import { age, atDayAndTime, atTime } from '../app/formats';
import type { Flapping, Presence } from '../hub/shapes';

/** Presence in words: why a device stands where it stands, and what it is called if it does not come to rest. */

const CAUSES: Record<string, string> = {
  closed: 'closed by the device',
  lost: 'the connection was lost',
  silent: 'fell silent',
  draining: 'the hub was going down',
  revoked: 'its key was taken back',
  disabled: 'it was disabled',
  'hub restarted': 'the hub was restarted',
  'never seen': 'it never connected',
  overdue: 'it did not come when it was expected',
};

const TRANSPORTS: Record<string, string> = { websocket: 'WebSocket', http: 'HTTP', mqtt: 'MQTT' };

/** Why a session ended, in words; nothing for a device that is simply connected. */
export function causeText(cause: string | undefined): string {
  if (!cause || cause === 'connected') {
    return '';
  }
  const code = /^closed with (\d+)$/.exec(cause)?.[1];
  if (code) {
    return `closed with code ${code}`;
  }
  return cause.startsWith('replaced') ? 'replaced by a newer session' : (CAUSES[cause] ?? cause);
}

export function transportWord(transport: string): string {
  return TRANSPORTS[transport] ?? transport;
}

/** When a poller comes next, or should have come; nothing for a device without a plan. */
export function expectedText({ state, expected }: Presence, now: number): string {
  if (expected === undefined || state === 'online' || state === 'offline') {
    return '';
  }
  const at = Math.abs(expected - now) < 12 * 3_600_000 ? atTime(expected) : atDayAndTime(expected);
  return expected >= now ? `in ${age(expected - now)}, at ${at}` : `${age(now - expected)} ago, at ${at}`;
}

/** One word for a list, and a sentence that names who is at it. */
export function flappingText({ kind, changes, since, addresses }: Flapping): { word: string; text: string } {
  const often = `Its sessions began or ended ${changes} times since ${atTime(since)}`;
  const [holder = 'an unknown address', rival] = addresses;
  if (kind === 'unsteady') {
    return { word: 'Unsteady', text: `${often}${addresses[0] ? `, last from ${holder}` : ''}.` };
  }
  const who = rival
    ? `Two connections take this id from each other: ${holder} has it, ${rival} wants it.`
    : `Two connections from ${holder} take this id from each other.`;
  return { word: 'Contested', text: `${who} Two devices may have the same key. ${often}.` };
}
