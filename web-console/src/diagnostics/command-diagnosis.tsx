import { useEffect, useMemo } from 'preact/hooks';
import { isLost } from '../app/app-state';
import { Fault, Loading } from '../components/placeholders';
import { type Command, type Explanation, isOver } from '../hub/api-types';
import { RefreshableResource } from '../hub/resource';
import { part, request } from '../hub/rest';
import { Reasons } from './reasons';

/** Refresh interval, because the explanation of a waiting command contains durations. */
const AGAIN_MS = 5_000;

/** Explanation of a command's state; refreshed after each step. */
export function CommandDiagnosis({ command }: { command: Command }) {
  const { id } = command;
  const why = useMemo(
    () =>
      new RefreshableResource((signal) => request<Explanation>(`/commands/${part(id)}/why`, { signal }), 500),
    [id],
  );
  const steps = command.timeline.length;
  const over = isOver(command);
  useEffect(() => () => why.close(), [why]);
  useEffect(() => {
    why.refresh();
    const timer = over ? undefined : setInterval(() => isLost.peek() || why.refresh(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [why, steps, over]);
  const { value: answer, fault } = why;
  if (answer.value) {
    return (
      <div class="reason-panel small">
        <p class="summary">{answer.value.summary}</p>
        <Reasons reasons={answer.value.reasons} summary={answer.value.summary} />
      </div>
    );
  }
  return fault.value === null ? (
    <Loading rows={2} />
  ) : (
    <Fault what="Failed to load the explanation" fault={fault.value} retry={() => void why.refreshNow()} />
  );
}
