import { useEffect, useMemo } from 'preact/hooks';
import { hubNow, isLost, live, tick } from '../app/app-state';
import { age, atDayAndTime, atTime } from '../app/formats';
import { type DeviceQuery, deviceUrl, ENTRIES, type Entries, replaceUrl } from '../app/router';
import { Empty, Fault, Loading } from '../components/placeholders';
import { Status } from '../components/status';
import type { Explanation, Recorded } from '../hub/api-types';
import { DiagnosticsFeed } from './diagnostics-feed';
import { Reasons } from './reasons';
import { keyOf, kindOf, lastOf, placeOf } from './recorder-entry';

const WORDS: Record<Entries, string> = {
  all: 'All',
  connection: 'Connection',
  refusals: 'Refused',
  commands: 'Commands',
  changes: 'Changes',
};
const TODAY_MS = 12 * 3_600_000;

/** Explanation of the device's state and its recent events. */
export function DiagnosticsTab({ id, query }: { id: string; query: DeviceQuery }) {
  const feed = useMemo(() => new DiagnosticsFeed(id, live), [id]);
  useEffect(() => () => feed.close(), [feed]);
  useEffect(() => feed.only(query.entries), [feed, query.entries]);
  return (
    <>
      <Why feed={feed} />
      <Record feed={feed} id={id} query={query} />
    </>
  );
}

function Why({ feed }: { feed: DiagnosticsFeed }) {
  const { value: answer, fault, at } = feed.why;
  return (
    <section class="card" aria-label="Explanation">
      <header>
        <h2>Why</h2>
        <span class="sp" />
        {at.value > 0 && <AsOf at={at.value} />}
        <button type="button" class="btn sm" disabled={isLost.value} onClick={() => feed.refreshNow()}>
          Refresh
        </button>
      </header>
      {fault.value !== null && (
        <Fault
          what="Failed to load the explanation"
          fault={fault.value}
          retry={() => void feed.why.refreshNow()}
        />
      )}
      {answer.value ? <ExplanationPanel why={answer.value} /> : fault.value === null && <Loading rows={2} />}
    </section>
  );
}

/** Age of the explanation, because it contains durations. */
function AsOf({ at }: { at: number }) {
  tick.value;
  return <span class={isLost.value ? 'age late' : 'age'}>{age(Date.now() - at)} ago</span>;
}

function ExplanationPanel({ why }: { why: Explanation }) {
  return (
    <div class="reason-panel">
      <p class="summary">{why.summary}</p>
      <Reasons reasons={why.reasons} summary={why.summary} />
    </div>
  );
}

function Record({ feed, id, query }: { feed: DiagnosticsFeed; id: string; query: DeviceQuery }) {
  const { value: answer, fault } = feed.record;
  const page = answer.value;
  return (
    <section class="card" aria-label="Recent events">
      <header>
        <h2>Recent events</h2>
        <span class="sp" />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in line */}
        <div class="seg" role="group" aria-label="Show">
          {ENTRIES.map((entries) => (
            <button
              key={entries}
              type="button"
              aria-pressed={entries === query.entries}
              onClick={() => replaceUrl(deviceUrl(id, { ...query, entries }))}
            >
              {WORDS[entries]}
            </button>
          ))}
        </div>
      </header>
      {fault.value !== null && (
        <Fault
          what="Failed to load the flight recorder"
          fault={fault.value}
          retry={() => void feed.record.refreshNow()}
        />
      )}
      {page === null && fault.value === null && <Loading rows={6} />}
      {page?.items.length === 0 && (
        <Empty title="No events recorded">
          <p>Connections, rejected connections, commands and changes of this device appear here.</p>
        </Empty>
      )}
      <ol class="entries record">
        {page?.items.map((entry) => (
          <Entry key={keyOf(entry)} entry={entry} id={id} query={query} />
        ))}
      </ol>
      {page?.next && (
        <div class="more">
          <button type="button" class="btn sm" disabled={isLost.value} onClick={() => feed.older()}>
            Show older
          </button>
        </div>
      )}
    </section>
  );
}

function Entry({ entry, id, query }: { entry: Recorded; id: string; query: DeviceQuery }) {
  const ts = lastOf(entry);
  const { word, tone } = kindOf(entry);
  const place = placeOf(entry);
  return (
    <li data-kind={entry.kind} data-code={entry.code}>
      <time class="num mute" dateTime={new Date(ts).toISOString()} title={atDayAndTime(ts)}>
        {hubNow() - ts < TODAY_MS ? atTime(ts) : atDayAndTime(ts)}
      </time>
      <Status tone={tone}>{word}</Status>
      <div>
        <p>{entry.text}</p>
        {(place || entry.command) && (
          <p class="hint num">
            {place}
            {entry.command && (
              <>
                {place && ' · '}
                <a class="link" href={deviceUrl(id, { ...query, cmd: entry.command })}>
                  …{entry.command.slice(-8)}
                </a>
              </>
            )}
          </p>
        )}
      </div>
    </li>
  );
}
