import { age, atTime, took } from '../app/formats';
import { causeText, transportWord } from '../components/presence';
import type { Tone } from '../components/status';
import { type Command, type CommandState, type CommandStep, isOver } from '../hub/api-types';

export interface LifecycleStep {
  word: string;
  /** Time since the command was created, or what it waits for. */
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

/** Steps of a command: Queued, Sent, Accepted and the final state, each with its time since creation. */
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
  return [...steps, closeInfo(command, reached)];
}

function closeInfo(command: Command, reached: Map<CommandState, CommandStep>): LifecycleStep {
  if (!isOver(command)) {
    return { word: WORDS.succeeded, when: '', kind: 'ahead' };
  }
  const step = reached.get(command.state);
  const when = step ? `+${took(step.ts - command.created)}` : '';
  return { word: WORDS[command.state], when, kind: command.state === 'succeeded' ? 'done' : 'bad' };
}

/** Steps since the command was last requeued because its session had ended. */
function latestRound(command: Command): Map<CommandState, CommandStep> {
  const start = command.timeline.map((step) => step.state).lastIndexOf('queued');
  return new Map(command.timeline.slice(Math.max(0, start)).map((step) => [step.state, step]));
}

/** What an unfinished command waits for: its delivery or its expiry. */
export function pendingText(command: Command, now: number): string {
  if (command.state === 'queued' && command.notBefore && command.notBefore > now) {
    return `not before ${atTime(command.notBefore)}`;
  }
  if (command.state === 'queued' && command.expectedBy) {
    return command.expectedBy >= now
      ? `expected in ${age(command.expectedBy - now)}`
      : `was expected ${age(now - command.expectedBy)} ago`;
  }
  return `expires in ${age(command.expires - now)}`;
}

/** One step with all details. */
export interface TimelineEntry {
  state: CommandState;
  ts: number;
  when: string;
  /** Actor, session and node. */
  who: string;
  reason: string;
}

/** All steps in order; `lifecycleOf` gives the summary. */
export function timelineOf(command: Command): TimelineEntry[] {
  return command.timeline.map((step, i) => ({
    state: step.state,
    ts: step.ts,
    when: i === 0 ? atTime(step.ts) : `${atTime(step.ts)}, +${took(step.ts - command.created)}`,
    who: whoText(step),
    reason: reasonText(step.reason),
  }));
}

/** Text of a cause; keeps the number of a newer session. */
function reasonText(reason: string | undefined): string {
  return reason?.startsWith('replaced') ? reason : causeText(reason);
}

function whoText({ by, session, transport, node }: CommandStep): string {
  const through = [session && `session ${session}`, transport && transportWord(transport)].filter(Boolean);
  const parts = [by && `by ${by}`, through.join(', '), node && `at ${node}`];
  return parts.filter(Boolean).join(' · ');
}

/** Why the command ended: the text of the device or the hub. */
export function reasonOf(command: Command): string {
  const last = command.timeline.at(-1);
  const text = command.error ?? (command.state === 'succeeded' ? undefined : reasonText(last?.reason));
  if (text === undefined || text === null) {
    return '';
  }
  if (typeof text === 'object') {
    const { message, detail } = text as { message?: string; detail?: string };
    return message ?? detail ?? JSON.stringify(text);
  }
  return String(text);
}

/** Converts {"rpm": 1450} to "rpm 1450". */
export function paramsText(params: unknown): string {
  if (typeof params !== 'object' || params === null) {
    return params === undefined || params === null ? '' : JSON.stringify(params);
  }
  return Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
