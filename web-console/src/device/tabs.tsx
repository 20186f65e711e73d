import { type DeviceQuery, deviceUrl, TABS, type Tab } from '../app/router';

const WORDS: Record<Tab, string> = { live: 'Live', state: 'State', why: 'Why?' };

/** Tabs of the device screen. */
export function Tabs({ id, query }: { id: string; query: DeviceQuery }) {
  return (
    <nav class="views tabs" aria-label="Device views">
      {TABS.map((tab) => (
        <a
          key={tab}
          href={deviceUrl(id, { ...query, tab })}
          aria-current={tab === query.tab ? 'page' : undefined}
        >
          {WORDS[tab]}
        </a>
      ))}
    </nav>
  );
}
