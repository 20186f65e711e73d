import { useState } from 'preact/hooks';
import { isLost } from '../app/app-state';
import { RiskQuestion } from '../command-form/risk-question';
import { definitionOf } from '../device-types/definitions';
import { type Undo, undoOf } from '../device-types/undo';
import type { Command, CommandState, Device } from '../hub/api-types';
import type { DeviceFeed } from './device-feed';
import { useAsyncAction } from './use-async-action';
import { useFrames } from './use-frames';

const WITHOUT_EFFECT: readonly CommandState[] = ['rejected', 'expired', 'cancelled', 'superseded'];

interface UndoProps {
  feed: DeviceFeed;
  device: Device;
  command: Command;
}

/** Takes a command back, where its type says how and the values from before are known. */
export function UndoButton({ feed, device, command }: UndoProps) {
  const definition = definitionOf(device);
  const [asking, setAsking] = useState<Undo | null>(null);
  const [, redraw] = useState(0);
  // Readings from before the command may arrive after it.
  useFrames(1_000, () => redraw((n) => n + 1));
  const { busy, fault, run } = useAsyncAction((undo: Undo) => feed.commands.send(undo.name, undo.params));
  const undo = undoOf(command, definition, (place) => valueBefore(feed, command, place));
  if (!undo) {
    return null;
  }
  const undoing = definition.command(undo.name);
  const isRisky = undoing?.risk === 'disturbs' || undoing?.risk === 'destroys';
  return (
    <div class="m">
      <button
        type="button"
        class="btn sm"
        disabled={busy || isLost.value}
        onClick={() => (isRisky ? setAsking(undo) : run(undo))}
      >
        {undo.text}
        <span class="vh"> ({command.name})</span>
      </button>
      {fault && (
        <span class="hint bad" role="alert">
          {fault}
        </span>
      )}
      {asking && undoing && (
        <RiskQuestion
          command={undoing}
          device={device}
          params={asking.params}
          onAnswer={(isConfirmed) => {
            setAsking(null);
            if (isConfirmed) {
              run(asking);
            }
          }}
        />
      )}
    </div>
  );
}

/** The value when the command was sent from here, else the last reading before it. */
function valueBefore(feed: DeviceFeed, command: Command, place: string): unknown {
  const channel = feed.channels.get(place);
  return (
    feed.commands.valueBefore(command.id, place) ??
    channel?.series.valueAt(command.created)?.value ??
    channel?.states.at(command.created)?.value
  );
}

/**
 * Whether a command may be undone: it succeeded, and nothing newer has done the same or taken it
 * back.
 *
 * @param newer the commands after it
 */
export function isLatestEffect(
  command: Command,
  newer: readonly Command[],
  undoName: string | undefined,
): boolean {
  const isSame = ({ name, state }: Command) =>
    (name === command.name || name === undoName) && !WITHOUT_EFFECT.includes(state);
  return command.state === 'succeeded' && !newer.some(isSame);
}
