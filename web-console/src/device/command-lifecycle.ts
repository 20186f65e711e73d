import { age, atTime, took } from '../app/formats';
import { causeText, transportWord } from '../components/presence';
import type { Tone } from '../components/status';
import { type Command, type CommandState, type CommandStep, isOver } from '../hub/api-types';

export interface LifecycleStep {
  word: string;
  /** How long after the command was made, or what is still awaited. */
  when: string;
  kind: 'done' | 'now' | 'bad' | 'ahead' | 'skipped';
}

const WORDS: Record<CommandState, string> = {
  queued: 'Queued',
  sent: 'Sent',
  accepted: 'Accepted',
  succeeded: 'Succeeded',
  failed: 'Failed',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Cancelled',
  superseded: 'Superseded',
};

const TONES: Record<CommandState, Tone> = {
  queued: 'stale',
  sent: 'minor',
  accepted: 'minor',
  succeeded: 'ok',
  failed: 'crit',
  rejected: 'crit',
  expired: 'major',
  cancelled: 'off',
  superseded: 'off',
};

export function stateWord(state: CommandState): string {
  return WORDS[state];
}

export function stateTone(state: CommandState): Tone {
  return TONES[state];
}

/** The way a command goes: Queued, Sent, Accepted, and how it ended; each with its time since it was made. */
export function lifecycleOf(command: Command, now: number): LifecycleStep[] {
  const reached = latestRound(command);
  const over = isOver(command);
  const way: CommandState[] = ['queued', 'sent', 'accepted'];
  const steps = way.map((state): LifecycleStep => {
    const step = reached.get(state);
    if (step) {
      const isNow = command.state === state;
      const when = isNow ? `for ${took(now - step.ts)}` : `+${took(step.ts - command.created)}`;
      return {
        word: WORDS[state],
        when: state === 'queued' && !isNow ? '0 ms' : when,
        kind: isNow ? 'now' : 'done',
      };
    }
    return { word: WORDS[state], when: '', kind: over ? 'skipped' : 'ahead' };
  });
  return [...steps, ending(command, reached)];
}

function ending(command: Command, reached: Map<CommandState, CommandStep>): LifecycleStep {
  if (!isOver(command)) {
    return { word: WORDS.succeeded, when: '', kind: 'ahead' };
  }
  const step = reached.get(command.state);
  const when = step ? `+${took(step.ts - command.created)}` : '';
  return { word: WORDS[command.state], when, kind: command.state === 'succeeded' ? 'done' : 'bad' };
}

/** What was reached since the command was last put back in the queue (its session had ended). */
function latestRound(command: Command): Map<CommandState, CommandStep> {
  const start = command.timeline.map((step) => step.state).lastIndexOf('queued');
  return new Map(command.timeline.slice(Math.max(0, start)).map((step) => [step.state, step]));
}

/** What a command that is not over waits for: when it is expected, or when it is given up. */
export function outlookOf(command: Command, now: number): string {
  if (command.state === 'queued' && command.notBefore && command.notBefore > now) {
    return `not before ${atTime(command.notBefore)}`;
  }
  if (command.state === 'queued' && command.expectedBy) {
    return command.expectedBy >= now
      ? `expected in ${age(command.expectedBy - now)}`
      : `was expected ${age(now - command.expectedBy)} ago`;
  }
  return `given up in ${age(command.expires - now)}`;
}

/** One step, told in full. */
export interface TimelineEntry {
  state: CommandState;
  ts: number;
  when: string;
  /** By whom, through which session, at which node. */
  who: string;
  reason: string;
}

/** Every step that was, in its order: the whole truth where `lifeOf` is the outline. */
export function timelineOf(command: Command): TimelineEntry[] {
  return command.timeline.map((step, i) => ({
    state: step.state,
    ts: step.ts,
    when: i === 0 ? atTime(step.ts) : `${atTime(step.ts)}, +${took(step.ts - command.created)}`,
    who: whoText(step),
    reason: reasonText(step.reason),
  }));
}

/** The hub names the end of a session by its cause; a newer session's number is worth keeping. */
function reasonText(reason: string | undefined): string {
  return reason?.startsWith('replaced') ? reason : causeText(reason);
}

function whoText({ by, session, transport, node }: CommandStep): string {
  const through = [session && `session ${session}`, transport && transportWord(transport)].filter(Boolean);
  const parts = [by && `by ${by}`, through.join(', '), node && `at ${node}`];
  return parts.filter(Boolean).join(' · ');
}

/** Why it ended as it did, in the words of whoever said so. */
export function reasonOf(command: Command): string {
  const last = command.timeline.at(-1);
  const said = command.error ?? (command.state === 'succeeded' ? undefined : reasonText(last?.reason));
  if (said === undefined || said === null) {
    return '';
  }
  if (typeof said === 'object') {
    const { message, detail } = said as { message?: string; detail?: string };
    return message ?? detail ?? JSON.stringify(said);
  }
  return String(said);
}

/** {"rpm": 1450} reads "rpm 1450". */
export function paramsText(params: unknown): string {
  if (typeof params !== 'object' || params === null) {
    return params === undefined || params === null ? '' : JSON.stringify(params);
  }
  return Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
