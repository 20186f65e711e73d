import { hubNow, isLost } from '../app/app-state';
import { atDayAndTime, atTime } from '../app/formats';
import { Fault, Loading } from '../components/placeholders';
import type { TwinRevision } from '../hub/api-types';
import type { TwinFeed } from './twin-feed';

const TODAY_MS = 12 * 3_600_000;

/** Changes of the twin with time and author, newest first. */
export function Changes({ feed }: { feed: TwinFeed }) {
  const changes = feed.history.value;
  return (
    <section class="card" aria-label="State changes">
      <header>
        <h2>Changes</h2>
      </header>
      {feed.historyFault.value !== null && (
        <Fault
          what="Failed to load the changes"
          fault={feed.historyFault.value}
          retry={() => void feed.readHistory()}
        />
      )}
      {changes === null && feed.historyFault.value === null && <Loading rows={3} />}
      {changes?.length === 0 && <p class="pad mute">No changes yet.</p>}
      <ol class="entries">
        {changes?.map((change) => (
          <Change key={`${change.side}${change.version}`} change={change} />
        ))}
      </ol>
      {feed.hasOlder.value && (
        <div class="more">
          <button type="button" class="btn sm" disabled={isLost.value} onClick={() => void feed.readOlder()}>
            Show older
          </button>
        </div>
      )}
    </section>
  );
}

function Change({ change: { side, version, ts, by, patch } }: { change: TwinRevision }) {
  const at = hubNow() - ts < TODAY_MS ? atTime(ts) : atDayAndTime(ts);
  return (
    <li data-side={side}>
      <time class="num mute" dateTime={new Date(ts).toISOString()} title={atDayAndTime(ts)}>
        {at}
      </time>
      <div>
        <p>
          {side === 'desired' ? 'Desired' : 'Reported'} <b>by {by}</b>
          <span class="mute num"> version {version}</span>
        </p>
        <code class="patch">{JSON.stringify(patch)}</code>
      </div>
    </li>
  );
}
