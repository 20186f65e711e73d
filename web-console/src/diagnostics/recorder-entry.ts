import { atTime } from '../app/formats';
import { transportWord } from '../components/presence';
import type { Tone } from '../components/status';
import { stateTone, stateWord } from '../device/command-lifecycle';
import type { CommandState, Recorded, RecordedKind } from '../hub/api-types';

const KINDS: Record<Exclude<RecordedKind, 'command'>, [word: string, tone: Tone]> = {
  connected: ['Connected', 'ok'],
  disconnected: ['Disconnected', 'off'],
  takeover: ['Taken over', 'minor'],
  refused: ['Rejected', 'major'],
  throttled: ['Rate limited', 'major'],
  message: ['Refused', 'major'],
  result: ['Refused', 'major'],
  twin: ['State', 'ok'],
  polled: ['Polled', 'ok'],
  changed: ['Changed', 'minor'],
  restarted: ['Hub restarted', 'stale'],
  gap: ['Missing', 'stale'],
};

/** Word and tone of an entry; command steps use the command states. */
export function kindOf({ kind, code }: Recorded): { word: string; tone: Tone } {
  if (kind === 'command') {
    return code === 'older'
      ? { word: 'Older', tone: 'off' }
      : { word: stateWord(code as CommandState), tone: stateTone(code as CommandState) };
  }
  const [word, tone] = KINDS[kind] ?? [kind, 'off'];
  return { word, tone };
}

/** Time of the entry; the last time of a repeated one. */
export function lastOf({ ts, last }: Recorded): number {
  return last ?? ts;
}

/** Session, transport, address and count, unless the text contains them. */
export function placeOf({ text, ts, session, transport, address, count }: Recorded): string {
  const parts = [
    count && `${count} times since ${atTime(ts)}`,
    session && !text.includes(`session ${session}`) && `session ${session}`,
    transport && transportWord(transport),
    address && !text.includes(address) && address,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Identity of an entry; a repeated one keeps its first time. */
export function keyOf({ kind, code, ts, command, session, node }: Recorded): string {
  return [kind, code, ts, command, session, node].join();
}
