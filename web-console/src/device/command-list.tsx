import { useState } from 'preact/hooks';
import { atDayAndTime, atTime, took } from '../app/formats';
import { can, hubNow, isLost, tick } from '../app/hub';
import { Refusal } from '../hub/rest';
import { type Command, isOver } from '../hub/shapes';
import { Status } from '../parts/status';
import type { DeviceFeed } from './device-feed';
import { type LifeStep, lifeOf, paramsText, reasonOf, stateTone, stateWord } from './life';

/** The device's commands, newest first; the newest and all that are under way show their life. */
export function CommandList({ feed }: { feed: DeviceFeed }) {
  const commands = feed.commands.value;
  return (
    <section class="card" aria-label="Commands">
      <header>
        <h2>Commands</h2>
      </header>
      {commands.length === 0 && <p class="pad mute">None were sent to this device yet.</p>}
      <ol>
        {commands.map((command, i) => (
          <Job key={command.id} feed={feed} command={command} showLife={i === 0 || !isOver(command)} />
        ))}
      </ol>
    </section>
  );
}

function Job({ feed, command, showLife }: { feed: DeviceFeed; command: Command; showLife: boolean }) {
  if (!isOver(command)) {
    tick.value;
  }
  const reason = reasonOf(command);
  const by = command.timeline[0]?.by;
  const lasted = (command.timeline.at(-1)?.ts ?? command.created) - command.created;
  return (
    <li class="job" data-command={command.name} data-state={command.state}>
      <div class="a">
        <b>{command.name}</b>
        <span class="mute num clip">{paramsText(command.params)}</span>
        <span class="sp" />
        <span role="status">
          <Status tone={stateTone(command.state)}>
            {isLost.value && !isOver(command)
              ? `Was ${stateWord(command.state).toLowerCase()}`
              : stateWord(command.state)}
          </Status>
        </span>
      </div>
      {showLife && <Life steps={lifeOf(command, hubNow())} />}
      {reason && <p class="why">{reason}</p>}
      <div class="m num">
        <span title={atDayAndTime(command.created)}>{atTime(command.created)}</span>
        {isOver(command) && <span>{took(lasted)}</span>}
        {by && <span>by {by}</span>}
        <span class="mono clip" title={command.id}>
          …{command.id.slice(-8)}
        </span>
        {command.state === 'queued' && can('commands:write') && <Cancel feed={feed} command={command} />}
      </div>
    </li>
  );
}

function Life({ steps }: { steps: LifeStep[] }) {
  const classes = { done: 'y', now: 'on', bad: 'bad', ahead: '', skipped: 'skip-step' };
  return (
    <ol class="steps" aria-label="Life of the command">
      {steps.map((step) => (
        <li key={step.word} class={classes[step.kind]}>
          {step.word}
          <span>{step.kind === 'skipped' ? 'not told' : step.when}</span>
        </li>
      ))}
    </ol>
  );
}

function Cancel({ feed, command }: { feed: DeviceFeed; command: Command }) {
  const [fault, setFault] = useState('');
  async function cancel() {
    try {
      await feed.cancel(command.id);
    } catch (thrown) {
      setFault(thrown instanceof Refusal ? thrown.message : 'The hub does not answer.');
    }
  }
  return (
    <>
      <button type="button" class="btn sm" disabled={isLost.value} onClick={() => void cancel()}>
        Cancel {command.name}
      </button>
      {fault && (
        <span class="hint bad" role="alert">
          {fault}
        </span>
      )}
    </>
  );
}
