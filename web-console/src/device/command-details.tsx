import { useEffect, useRef } from 'preact/hooks';
import { atDayAndTime } from '../app/formats';
import { JsonView } from '../components/json-view';
import { Status } from '../components/status';
import { CommandDiagnosis } from '../diagnostics/command-diagnosis';
import { type Command, isOver } from '../hub/api-types';
import { type TimelineEntry as Lines, stateTone, stateWord, timelineOf } from './command-lifecycle';

/** All there is to say of a command: every step with who, where and why, what went along, what came of it. */
export function CommandDetails({ command, asksWhy }: { command: Command; asksWhy: boolean }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div class="account" ref={panel}>
      {asksWhy && <CommandDiagnosis command={command} />}
      <Timeline steps={timelineOf(command)} />
      {command.error !== undefined && (
        <>
          <h3>Error</h3>
          <JsonView value={command.error} />
        </>
      )}
      {command.result !== undefined && (
        <>
          <h3>Result</h3>
          <JsonView value={command.result} />
        </>
      )}
      <CommandFacts command={command} />
    </div>
  );
}

function Timeline({ steps }: { steps: Lines[] }) {
  return (
    <>
      <h3>Timeline</h3>
      <ol class="timeline">
        {steps.map((step, i) => (
          <li key={`${i}${step.state}`}>
            <Status tone={stateTone(step.state)}>{stateWord(step.state)}</Status>
            <span class="num mute" title={atDayAndTime(step.ts)}>
              {step.when}
            </span>
            {step.who && <p class="num">{step.who}</p>}
            {step.reason && <p>{step.reason}</p>}
          </li>
        ))}
      </ol>
    </>
  );
}

function CommandFacts({ command }: { command: Command }) {
  const facts: [string, string | undefined][] = [
    ['Not before', command.notBefore && atDayAndTime(command.notBefore)],
    ['Expected by', !isOver(command) && command.expectedBy && atDayAndTime(command.expectedBy)],
    ['Given up at', !isOver(command) && atDayAndTime(command.expires)],
    ['Job', command.job],
    ['Token', command.id],
  ].map(([name, value]) => [String(name), value ? String(value) : undefined]);
  const hasParams = Object.keys((command.params as object | undefined) ?? {}).length > 0;
  return (
    <>
      {hasParams && (
        <>
          <h3>Parameters</h3>
          <JsonView value={command.params} />
        </>
      )}
      <dl class="facts-list">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class={name === 'Token' || name === 'Job' ? 'mono' : 'num'}>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
