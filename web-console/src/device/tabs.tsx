import { count } from '../app/formats';
import { type DeviceQuery, deviceUrl, TABS, type Tab } from '../app/router';
import { descriptionOf } from '../device-types/definitions';

const WORDS: Record<Tab, string> = { live: 'Live', state: 'State', description: 'Description', why: 'Why?' };

/** Tabs of the device screen. */
export function Tabs({ id, query }: { id: string; query: DeviceQuery }) {
  const differences = descriptionOf(id)?.differences?.length ?? 0;
  return (
    <nav class="views tabs" aria-label="Device views">
      {TABS.map((tab) => (
        <a
          key={tab}
          href={deviceUrl(id, { ...query, tab })}
          aria-current={tab === query.tab ? 'page' : undefined}
        >
          {WORDS[tab]}
          {tab === 'description' && differences > 0 && (
            <span class="n num">
              {count(differences)}
              <span class="vh"> {differences === 1 ? 'difference' : 'differences'} from its type</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
