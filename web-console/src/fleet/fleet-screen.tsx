import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { live } from '../app/app-state';
import { count } from '../app/formats';
import { type FleetQuery, fleetUrl, replaceUrl, VIEWS, type View } from '../app/router';
import { Icon } from '../components/icons';
import { Empty, ErrorState, Loading } from '../components/placeholders';
import { FleetFeed } from './fleet-feed';
import { Grid } from './grid';

const VIEW_WORDS: Record<View, string> = {
  all: 'All',
  online: 'Online',
  asleep: 'Asleep',
  overdue: 'Overdue',
  offline: 'Offline',
};

export function FleetScreen({ query }: { query: FleetQuery }) {
  const feed = useMemo(() => new FleetFeed(live), []);
  useEffect(() => () => feed.close(), [feed]);
  useEffect(() => void feed.read({ q: query.q, view: query.view }), [feed, query.q, query.view]);
  const total = feed.counts.value?.all;
  return (
    <>
      <div class="head">
        <h1>Fleet</h1>
        <span class="mute num">
          {total !== undefined && `${count(total)} ${total === 1 ? 'device' : 'devices'}`}
          {query.q && ' matching'}
        </span>
      </div>
      <section class="card fleet" aria-label="Devices">
        <Views feed={feed} query={query} />
        <FilterBar query={query} />
        <Body feed={feed} query={query} />
        <Foot feed={feed} query={query} />
      </section>
    </>
  );
}

function Views({ feed, query }: { feed: FleetFeed; query: FleetQuery }) {
  const counts = feed.counts.value;
  return (
    <nav class="views" aria-label="Views">
      {VIEWS.map((view) => (
        <a
          key={view}
          href={fleetUrl({ q: query.q, view })}
          aria-current={view === query.view ? 'page' : undefined}
        >
          {VIEW_WORDS[view]}
          {counts && <span class="n num">{count(counts[view])}</span>}
        </a>
      ))}
    </nav>
  );
}

function FilterBar({ query }: { query: FleetQuery }) {
  const field = useRef<HTMLInputElement>(null);
  // Synchronous with the render: keys work as soon as the screen is visible.
  useLayoutEffect(() => {
    const pressed = (key: KeyboardEvent) => {
      if (key.key === '/' && !(key.target as HTMLElement).closest('input, textarea, select')) {
        key.preventDefault();
        field.current?.focus();
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  const filter = (q: string) => replaceUrl(fleetUrl({ q, view: query.view }));
  return (
    <div class="fbar">
      <div class="q">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          aria-label="Filter devices"
          aria-keyshortcuts="/"
          placeholder="Search id, name, type or label"
          spellcheck={false}
          value={query.q}
          onInput={(event) => filter(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <kbd class="only-w">/</kbd>
      </div>
    </div>
  );
}

function Body({ feed, query }: { feed: FleetFeed; query: FleetQuery }) {
  feed.version.value;
  if (feed.rows.size > 0) {
    return <Grid feed={feed} at={query.at} onAt={(at) => replaceUrl(fleetUrl({ ...query, at }))} />;
  }
  if (feed.fault.value) {
    const retry = () => void feed.read({ q: query.q, view: query.view });
    return <ErrorState what="Failed to load the list" fault={feed.fault.value} retry={retry} />;
  }
  if (feed.loading.value) {
    return <Loading rows={8} />;
  }
  return query.q || query.view !== 'all' ? <NothingMatches query={query} /> : <NoDevices />;
}

function NothingMatches({ query }: { query: FleetQuery }) {
  return (
    <Empty title="No matching devices">
      {query.q && (
        <a class="btn" href={fleetUrl({ view: query.view })}>
          Clear filter “{query.q}”
        </a>
      )}
      {query.view !== 'all' && (
        <a class="btn" href={fleetUrl({ q: query.q })}>
          Search all devices, not only {VIEW_WORDS[query.view].toLowerCase()}
        </a>
      )}
    </Empty>
  );
}

function NoDevices() {
  return (
    <Empty title="No devices yet">
      <p>To connect ten simulated devices, run in the Signalbox directory:</p>
      <code>./signalbox sim --devices 10</code>
      <p class="mute">Devices appear here once registered.</p>
    </Empty>
  );
}

function Foot({ feed, query }: { feed: FleetFeed; query: FleetQuery }) {
  feed.version.value;
  const changed = feed.outdated.value || isElsewhere(feed, query);
  return (
    <div class="tfoot num">
      <span>
        {count(feed.rows.size)} of {count(feed.total.value)}, by id
      </span>
      {changed && (
        <button type="button" class="btn sm" onClick={() => void feed.read({ q: query.q, view: query.view })}>
          List changed. Refresh
        </button>
      )}
      <span class="sp" />
      <span class="only-w">
        <kbd>j</kbd> <kbd>k</kbd> move
      </span>
      <span class="only-w">
        <kbd>Enter</kbd> open
      </span>
      <span class="only-w">
        <kbd>/</kbd> filter
      </span>
    </div>
  );
}

/** In a presence view, devices enter and leave; rows keep their place until a refresh. */
function isElsewhere(feed: FleetFeed, query: FleetQuery): boolean {
  const now = feed.counts.value?.[query.view];
  return now !== undefined && !feed.loading.value && now !== feed.total.value;
}
