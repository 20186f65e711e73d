import { useEffect, useMemo, useState } from 'preact/hooks';
import { can, live } from '../app/app-state';
import { count } from '../app/formats';
import { ErrorState, Loading } from '../components/placeholders';
import { Status } from '../components/status';
import type { Twin, Value } from '../hub/api-types';
import { Changes } from './changes';
import { DesiredEditor } from './desired-editor';
import { type TwinDifference, twinDiff } from './twin-diff';
import { TwinFeed } from './twin-feed';

/** Desired and reported state side by side, an editor, and the changes. */
export function TwinTab({ id }: { id: string }) {
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
      <State feed={feed} twin={twin} />
      <Changes feed={feed} />
    </>
  );
}

function State({ feed, twin }: { feed: TwinFeed; twin: Twin }) {
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
        <p class="pad mute">No desired and no reported state.</p>
      ) : (
        <Sides twin={twin} lines={lines} />
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

function Sides({ twin, lines }: { twin: Twin; lines: TwinDifference[] }) {
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
              {line.path.at(-1)}
            </td>
            <td class="num clip" title={whole(line.desired)}>
              {line.desired === undefined ? <span class="mute">—</span> : shown(line.desired)}
            </td>
            <td class="num clip" title={whole(line.reported)}>
              <Reported line={line} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reported({ line }: { line: TwinDifference }) {
  if (line.differs) {
    return (
      <Status tone="major">{line.reported === undefined ? 'not reported' : shown(line.reported)}</Status>
    );
  }
  return line.reported === undefined ? <span class="mute">—</span> : <span>{shown(line.reported)}</span>;
}

/** Formats a number with all digits. */
function shown(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function whole(value: Value | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
