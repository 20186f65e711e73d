import { useEffect } from 'preact/hooks';
import { can, hubNow, isLost, tick } from '../app/app-state';
import { atDayAndTime, atTime, took } from '../app/formats';
import { type DeviceQuery, deviceUrl, replaceUrl } from '../app/router';
import { Icon } from '../components/icons';
import { Status } from '../components/status';
import { definitionOf } from '../device-types/definitions';
import { type Command, type Device, isOver } from '../hub/api-types';
import { CommandDetails } from './command-details';
import {
  type LifecycleStep,
  lifecycleOf,
  paramsText,
  pendingText,
  reasonOf,
  stateTone,
  stateWord,
} from './command-lifecycle';
import type { DeviceCommands } from './device-commands';
import type { DeviceFeed } from './device-feed';
import { isLatestEffect, UndoButton } from './undo-button';
import { useAsyncAction } from './use-async-action';

interface ListProps {
  feed: DeviceFeed;
  device: Device;
  query: DeviceQuery;
}

/** Commands of the device, newest first; the newest and all unfinished ones show their steps. */
export function CommandList({ feed, device, query }: ListProps) {
  const { commands } = feed;
  const definition = definitionOf(device);
  const items = commands.items.value;
  useEffect(() => void commands.want(query.cmd).catch(() => {}), [commands, query.cmd]);
  return (
    <section class="card" aria-label="Commands">
      <header>
        <h2>Commands</h2>
      </header>
      {items.length === 0 && <p class="pad mute">No commands yet.</p>}
      <ol>
        {items.map((command, i) => (
          <CommandItem
            key={command.id}
            feed={feed}
            device={device}
            command={command}
            isUndoable={isLatestEffect(
              command,
              items.slice(0, i),
              definition.command(command.name)?.undo?.name,
            )}
            showLifecycle={i === 0 || !isOver(command)}
            isOpen={command.id === query.cmd}
            onOpen={(open) => replaceUrl(deviceUrl(device.id, { ...query, cmd: open ? command.id : '' }))}
          />
        ))}
      </ol>
      {commands.hasOlder.value && <Older commands={commands} />}
    </section>
  );
}

interface CommandItemProps {
  feed: DeviceFeed;
  device: Device;
  command: Command;
  isUndoable: boolean;
  showLifecycle: boolean;
  isOpen: boolean;
  onOpen: (open: boolean) => void;
}

function CommandItem(props: CommandItemProps) {
  const { feed, device, command, isUndoable, showLifecycle, isOpen, onOpen } = props;
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
      {(showLifecycle || isOpen) && <Lifecycle steps={lifecycleOf(command, hubNow())} />}
      {reason && <p class="why">{reason}</p>}
      <div class="m one num">
        <span title={atDayAndTime(command.created)}>{atTime(command.created)}</span>
        <span>{isOver(command) ? took(lasted) : pendingText(command, hubNow())}</span>
        {by && <span class="clip">by {by}</span>}
        <span class="sp" />
        <button type="button" class="disclose" aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
          {isExplainable(command) ? 'Why?' : 'Details'}
          <span class="vh"> {command.name}</span>
          <Icon name="chevron" />
        </button>
      </div>
      {command.state === 'queued' && can('commands:write') && (
        <div class="m">
          <Cancel commands={feed.commands} command={command} />
        </div>
      )}
      {isUndoable && can('commands:write') && <UndoButton feed={feed} device={device} command={command} />}
      {isOpen && <CommandDetails command={command} isExplainable={isExplainable(command)} />}
    </li>
  );
}

/** Whether to offer an explanation: the command is unfinished or did not succeed. */
function isExplainable(command: Command): boolean {
  return !isOver(command) || ['failed', 'rejected', 'expired'].includes(command.state);
}

function Lifecycle({ steps }: { steps: LifecycleStep[] }) {
  const classes = { done: 'y', now: 'on', bad: 'bad', ahead: '', skipped: 'skip-step' };
  return (
    <ol class="steps" aria-label="Command steps">
      {steps.map((step) => (
        <li key={step.word} class={classes[step.kind]}>
          {step.word}
          <span>{step.kind === 'skipped' ? 'not reported' : step.when}</span>
        </li>
      ))}
    </ol>
  );
}

function Cancel({ commands, command }: { commands: DeviceCommands; command: Command }) {
  const { busy, fault, run } = useAsyncAction(() => commands.cancel(command.id));
  return (
    <>
      <button type="button" class="btn sm" disabled={busy || isLost.value} onClick={() => run()}>
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

function Older({ commands }: { commands: DeviceCommands }) {
  const { busy, fault, run } = useAsyncAction(() => commands.readOlder());
  return (
    <div class="more">
      <button type="button" class="btn sm" disabled={busy || isLost.value} onClick={() => run()}>
        Show older
      </button>
      {fault && (
        <span class="hint bad" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}
