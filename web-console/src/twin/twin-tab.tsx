import { useEffect, useMemo, useState } from 'preact/hooks';
import { can, live } from '../app/app-state';
import { count, humanName } from '../app/formats';
import { ErrorState, Loading } from '../components/placeholders';
import { Status } from '../components/status';
import type { Definition } from '../device-types/definition';
import { definitionOf } from '../device-types/definitions';
import { type Field, fieldAt } from '../device-types/schema';
import { withUnit } from '../device-types/units';
import type { Device, Twin, Value } from '../hub/api-types';
import { Changes } from './changes';
import { DesiredEditor } from './desired-editor';
import { same } from './merge-patch';
import { type TwinDifference, twinDiff } from './twin-diff';
import { TwinFeed } from './twin-feed';

/** Desired and reported state side by side, an editor, and the changes. */
export function TwinTab({ device }: { device: Device }) {
  const { id } = device;
  const feed = useMemo(() => new TwinFeed(id, live), [id]);
  useEffect(() => () => feed.close(), [feed]);
  const twin = feed.twin.value;
  if (!twin) {
    return (
      <section class="card" aria-label="State">
        {feed.fault.value ? (
          <ErrorState
            what="Failed to load the state"
            fault={feed.fault.value}
            retry={() => void feed.read()}
          />
        ) : (
          <Loading rows={6} />
        )}
      </section>
    );
  }
  return (
    <>
      <State feed={feed} twin={twin} device={device} />
      <Changes feed={feed} />
    </>
  );
}

function State({ feed, twin, device }: { feed: TwinFeed; twin: Twin; device: Device }) {
  const [editing, setEditing] = useState(false);
  const lines = twinDiff(twin);
  return (
    <section class="card" aria-label="State">
      <header>
        <h2>State</h2>
        <DifferenceBadge lines={lines} />
        <span class="sp" />
        {can('commands:write') && !editing && (
          <button type="button" class="btn sm" onClick={() => setEditing(true)}>
            Edit desired state
          </button>
        )}
      </header>
      {editing && <DesiredEditor feed={feed} onDone={() => setEditing(false)} />}
      {lines.length === 0 ? (
        <p class="pad mute">No desired or reported state.</p>
      ) : (
        <Sides twin={twin} lines={lines} definition={definitionOf(device)} />
      )}
    </section>
  );
}

function DifferenceBadge({ lines }: { lines: TwinDifference[] }) {
  const differing = lines.filter((line) => line.differs).length;
  const isWanted = lines.some((line) => line.desired !== undefined);
  return (
    <span role="status">
      {differing > 0 ? (
        <Status tone="major">{`${count(differing)} ${differing === 1 ? 'difference' : 'differences'}`}</Status>
      ) : (
        isWanted && <Status tone="ok">In sync</Status>
      )}
    </span>
  );
}

function Sides(props: { twin: Twin; lines: TwinDifference[]; definition: Definition }) {
  const { twin, lines, definition } = props;
  return (
    <table class="twin">
      <thead>
        <tr>
          <th>Name</th>
          <th>
            Desired <small class="num">version {count(twin.desired.version)}</small>
          </th>
          <th>
            Reported <small class="num">version {count(twin.reported.version)}</small>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.path.join('\0')} class={line.differs ? 'differs' : ''}>
            <td class="clip" title={line.path.join(' › ')}>
              {line.path.slice(0, -1).map((name) => (
                <span key={name} class="mute">
                  {name} ›{' '}
                </span>
              ))}
              <Name line={line} field={twinField(definition, line.path)} />
            </td>
            <td class="num clip" title={whole(line.desired)}>
              {line.desired === undefined ? (
                <span class="mute">—</span>
              ) : (
                shown(line.desired, twinField(definition, line.path))
              )}
            </td>
            <td class="num clip" title={whole(line.reported)}>
              <Reported line={line} field={twinField(definition, line.path)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The field of a value of the twin; null if nobody describes it. */
function twinField({ type }: Definition, path: readonly string[]): Field | null {
  const { desired, reported } = type?.twin ?? {};
  return fieldAt(desired, path) ?? fieldAt(reported, path);
}

interface LineProps {
  line: TwinDifference;
  field: Field | null;
}

/** The last part of a path, with its label if it has one. */
function Name({ line, field }: LineProps) {
  const name = line.path.at(-1);
  return field && field.label !== humanName(String(name)) ? (
    <>
      {field.label} <span class="mute">{name}</span>
    </>
  ) : (
    <span>{name}</span>
  );
}

function Reported({ line, field }: LineProps) {
  if (line.differs) {
    return (
      <Status tone="major">
        {line.reported === undefined ? 'not reported' : shown(line.reported, field)}
      </Status>
    );
  }
  return line.reported === undefined ? (
    <span class="mute">—</span>
  ) : (
    <span>{shown(line.reported, field)}</span>
  );
}

/** Formats a number with all digits, and its unit or label. */
function shown(value: Value, field: Field | null): string {
  const choice = field?.kind === 'choice' && field.choices.find((one) => same(one.value, value));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return choice ? choice.label : withUnit(text, field?.kind === 'number' ? field.unit : '');
}

function whole(value: Value | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
