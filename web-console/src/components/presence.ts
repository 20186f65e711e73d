import { age, atDayAndTime, atTime } from '../app/formats';
import type { Flapping, Presence } from '../hub/api-types';

/** Presence in words: why a device stands where it stands, and what it is called if it does not come to rest. */

const CAUSES: Record<string, string> = {
  closed: 'closed by the device',
  lost: 'the connection was lost',
  silent: 'fell silent',
  draining: 'the hub was going down',
  revoked: 'its key was taken back',
  disabled: 'it was disabled',
  'hub-restarted': 'the hub was restarted',
  'never-seen': 'it never connected',
  overdue: 'it did not come when it was expected',
  polling: 'it comes from time to time',
  'poll-missed': 'it did not come when it was expected',
  'lease-expired': 'the lease expired',
  'write-failed': 'the response could not be written',
};

const TRANSPORTS: Record<string, string> = { websocket: 'WebSocket', http: 'HTTP', mqtt: 'MQTT' };

/** Why a session ended, in words; nothing for a device that is simply connected. */
export function causeText(cause: string | undefined): string {
  if (!cause || cause === 'connected') {
    return '';
  }
  const code = /^closed-with-(\d+)$/.exec(cause)?.[1];
  if (code) {
    return `closed with code ${code}`;
  }
  return cause.startsWith('replaced') ? 'replaced by a newer session' : (CAUSES[cause] ?? cause);
}

export function transportWord(transport: string): string {
  return TRANSPORTS[transport] ?? transport;
}

/** When a poller comes next, or should have come, as short as a list needs it: "next in 40 s". */
export function contactText(presence: Presence, now: number): string {
  const when = contactIn(presence, now);
  const word = presence.state === 'overdue' ? 'due ' : 'next ';
  return when === 'due now' ? when : when && word + when;
}

/** When its contact is or was: "in 40 s"; nothing for who has no plan. */
export function contactIn(presence: Presence, now: number): string {
  if (!hasPlan(presence)) {
    return '';
  }
  const { state, expected } = presence;
  if (state === 'overdue') {
    return `${age(now - expected)} ago`;
  }
  return expected >= now ? `in ${age(expected - now)}` : 'due now';
}

/** The time of day that belongs to it. */
export function contactAt(presence: Presence, now: number): string {
  if (!hasPlan(presence)) {
    return '';
  }
  const { expected } = presence;
  return Math.abs(expected - now) < 12 * 3_600_000 ? atTime(expected) : atDayAndTime(expected);
}

/** Whether it should have come and is not overdue: then it has come, and told a new plan. */
export function isDue({ state, expected }: Presence, now: number): boolean {
  return state === 'asleep' && expected !== undefined && expected < now;
}

/** When a command that is sent now reaches the device. */
export function outlookFor(presence: Presence, now: number): string {
  const when = contactIn(presence, now);
  switch (presence.state) {
    case 'online':
      return 'Online: it is delivered at once.';
    case 'asleep':
      return `Asleep: it is delivered at the device's next contact${when && `, ${when}`}.`;
    case 'overdue':
      return `Overdue: it waits at the hub until the device comes, which was expected ${when || 'before now'}.`;
    case 'offline':
      return 'Offline: it waits at the hub until the device connects, or until it is given up.';
  }
}

/** Whether it comes from time to time, and is to come again. */
export function hasPlan(presence: Presence): presence is Presence & { expected: number } {
  return presence.expected !== undefined && (presence.state === 'asleep' || presence.state === 'overdue');
}

/** One word for a list, and a sentence that names who is at it. */
export function flappingText({ kind, changes, since, addresses }: Flapping): { word: string; text: string } {
  const often = `Its sessions began or ended ${changes} times since ${atTime(since)}`;
  const [holder = 'an unknown address', rival] = addresses;
  if (kind === 'unstable') {
    return { word: 'Unstable', text: `${often}${addresses[0] ? `, last from ${holder}` : ''}.` };
  }
  const who = rival
    ? `Two connections take this id from each other: ${holder} has it, ${rival} wants it.`
    : `Two connections from ${holder} take this id from each other.`;
  return { word: 'Contested', text: `${who} Two devices may have the same key. ${often}.` };
}
