import { atTime } from '../app/formats';
import { transportWord } from '../components/presence';
import type { Tone } from '../components/status';
import { stateTone, stateWord } from '../device/command-lifecycle';
import type { CommandState, Recorded, RecordedKind } from '../hub/api-types';

const KINDS: Record<Exclude<RecordedKind, 'command'>, [word: string, tone: Tone]> = {
  connected: ['Connected', 'ok'],
  disconnected: ['Gone', 'off'],
  takeover: ['Taken over', 'minor'],
  refused: ['Turned away', 'major'],
  throttled: ['Slowed down', 'major'],
  message: ['Refused', 'major'],
  result: ['Refused', 'major'],
  twin: ['State', 'ok'],
  polled: ['Polled', 'ok'],
  changed: ['Changed', 'minor'],
  restarted: ['Hub restarted', 'stale'],
  gap: ['Missing', 'stale'],
};

/** What sort of thing an entry tells: a step of a command is called as everywhere. */
export function kindOf({ kind, code }: Recorded): { word: string; tone: Tone } {
  if (kind === 'command') {
    return code === 'older'
      ? { word: 'Older', tone: 'off' }
      : { word: stateWord(code as CommandState), tone: stateTone(code as CommandState) };
  }
  const [word, tone] = KINDS[kind] ?? [kind, 'off'];
  return { word, tone };
}

/** When it happened; what has repeated stands where it happened last. */
export function lastOf({ ts, last }: Recorded): number {
  return last ?? ts;
}

/** Where it was and how often, as far as the sentence does not say it. */
export function placeOf({ text, ts, session, transport, address, count }: Recorded): string {
  const parts = [
    count && `${count} times since ${atTime(ts)}`,
    session && !text.includes(`session ${session}`) && `session ${session}`,
    transport && transportWord(transport),
    address && !text.includes(address) && address,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Whether two entries are the same one: what repeats keeps its first time. */
export function keyOf({ kind, code, ts, command, session, node }: Recorded): string {
  return [kind, code, ts, command, session, node].join();
}
