import { useEffect, useRef } from 'preact/hooks';
import { atDayAndTime } from '../app/formats';
import { JsonView } from '../components/json-view';
import { Status } from '../components/status';
import { CommandDiagnosis } from '../diagnostics/command-diagnosis';
import { type Command, isOver } from '../hub/api-types';
import { type TimelineEntry as Lines, stateTone, stateWord, timelineOf } from './command-lifecycle';

/** Details of a command: parameters, result, error, and every step with actor, session and reason. */
export function CommandDetails({ command, isExplainable }: { command: Command; isExplainable: boolean }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div class="command-details" ref={panel}>
      {isExplainable && <CommandDiagnosis command={command} />}
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
    ['Expires at', !isOver(command) && atDayAndTime(command.expires)],
    ['Job', command.job],
    ['Command id', command.id],
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
              <dd class={name === 'Command id' || name === 'Job' ? 'mono' : 'num'}>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
