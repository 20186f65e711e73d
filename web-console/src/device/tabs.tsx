import { type DeviceQuery, deviceUrl, TABS, type Tab } from '../app/router';

const WORDS: Record<Tab, string> = { live: 'Live', state: 'State', why: 'Why?' };

/** What is shown of the device, beside its commands. */
export function Tabs({ id, query }: { id: string; query: DeviceQuery }) {
  return (
    <nav class="views tabs" aria-label="Of this device">
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
