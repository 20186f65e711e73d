import { age, atDayAndTime, atTime } from '../app/formats';
import type { Flapping, Presence } from '../hub/api-types';

/** Texts for presence, close causes and flapping. */

const CAUSES: Record<string, string> = {
  closed: 'closed by the device',
  lost: 'connection lost',
  silent: 'no heartbeat',
  draining: 'hub shutting down',
  revoked: 'key revoked',
  disabled: 'device disabled',
  'hub-restarted': 'hub restarted',
  'node-lost': 'hub node lost',
  'never-seen': 'never connected',
  overdue: 'expected contact missed',
  polling: 'polls at intervals',
  'poll-missed': 'expected contact missed',
  'lease-expired': 'lease expired',
  'write-failed': 'response write failed',
};

const TRANSPORTS: Record<string, string> = { websocket: 'WebSocket', http: 'HTTP', mqtt: 'MQTT' };

/** Why a session ended; empty for a connected device. */
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

/** Next or missed contact of a polling device, short for lists: "next in 40 s". */
export function contactText(presence: Presence, now: number): string {
  const when = contactIn(presence, now);
  const word = presence.state === 'overdue' ? 'due ' : 'next ';
  return when === 'due now' ? when : when && word + when;
}

/** Time until or since the planned contact: "in 40 s"; empty without a plan. */
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

/** The planned contact as time of day. */
export function contactAt(presence: Presence, now: number): string {
  if (!hasPlan(presence)) {
    return '';
  }
  const { expected } = presence;
  return Math.abs(expected - now) < 12 * 3_600_000 ? atTime(expected) : atDayAndTime(expected);
}

/** Whether the planned time has passed although the device is not overdue: it has made contact and has a new plan. */
export function isDue({ state, expected }: Presence, now: number): boolean {
  return state === 'asleep' && expected !== undefined && expected < now;
}

/** Expected delivery of a command that is sent now. */
export function expectedDelivery(presence: Presence, now: number): string {
  const when = contactIn(presence, now);
  switch (presence.state) {
    case 'online':
      return 'Online: delivered at once.';
    case 'asleep':
      return `Asleep: delivered at the device's next contact${when && `, ${when}`}.`;
    case 'overdue':
      return `Overdue: queued until the device makes contact. Expected ${when || 'before now'}.`;
    case 'offline':
      return 'Offline: queued until the device connects or the command expires.';
  }
}

/** Whether the device polls and has a planned contact. */
export function hasPlan(presence: Presence): presence is Presence & { expected: number } {
  return presence.expected !== undefined && (presence.state === 'asleep' || presence.state === 'overdue');
}

/** A word for lists and a sentence with the addresses. */
export function flappingText({ kind, changes, since, addresses }: Flapping): { word: string; text: string } {
  const often = `${changes} connects and disconnects since ${atTime(since)}`;
  const [holder = 'an unknown address', rival] = addresses;
  if (kind === 'unstable') {
    return { word: 'Unstable', text: `${often}${addresses[0] ? `, last from ${holder}` : ''}.` };
  }
  const who = rival
    ? `Two connections compete for this device id: ${holder} is connected, ${rival} tries to take over.`
    : `Two connections from ${holder} compete for this device id.`;
  return { word: 'Contested', text: `${who} Two devices may have the same key. ${often}.` };
}
