import { useEffect, useRef, useState } from 'preact/hooks';
import { can, hubNow, tick } from '../app/app-state';
import { age, atDayAndTime, count } from '../app/formats';
import { go, type TypesQuery, typesUrl } from '../app/router';
import { Empty, ErrorState, Fault, Loading } from '../components/placeholders';
import type { StoredType } from '../device-types/device-type';
import { isAborted } from '../hub/rest';
import { readTypes } from './types-api';

/** The types that the hub knows, and the way to a new one. */
export function TypesScreen({ query }: { query: TypesQuery }) {
  const [types, setTypes] = useState<StoredType[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [total, setTotal] = useState(0);
  const [fault, setFault] = useState<unknown>(null);
  const closing = useRef<AbortController | null>(null);

  async function read(cursor: string | null) {
    closing.current?.abort();
    const controller = new AbortController();
    closing.current = controller;
    try {
      const page = await readTypes(cursor, controller.signal);
      setTypes((known) => [...(cursor ? (known ?? []) : []), ...page.items]);
      setNext(page.next);
      setTotal(page.total);
      setFault(null);
    } catch (thrown) {
      if (!isAborted(thrown)) {
        setFault(thrown);
      }
    }
  }
  useEffect(() => {
    void read(null);
    return () => closing.current?.abort();
  }, []);

  return (
    <>
      <div class="head">
        <h1>Device types</h1>
        {total > 0 && <span class="mute num">{count(total)}</span>}
      </div>
      {can('devices:write') && <NewType from={query.from} />}
      <section class="card" aria-label="Device types">
        {types === null ? (
          fault ? (
            <ErrorState what="Failed to load the device types" fault={fault} retry={() => void read(null)} />
          ) : (
            <Loading rows={4} />
          )
        ) : types.length === 0 ? (
          <NoTypes />
        ) : (
          <TypesTable types={types} />
        )}
        {types !== null && fault !== null && (
          <Fault what="Failed to load more" fault={fault} retry={() => void read(next)} />
        )}
        {next && (
          <div class="more">
            <button type="button" class="btn sm" onClick={() => void read(next)}>
              Show more
            </button>
          </div>
        )}
      </section>
    </>
  );
}

/** Asks for the name of a type; its definition is written in the editor. */
function NewType({ from }: { from: string }) {
  // A device is often called by its kind and a number.
  const [name, setName] = useState(from.replace(/[-_:.]?\d*$/, ''));
  return (
    <form
      class="card inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) {
          go(typesUrl(name.trim(), { from }));
        }
      }}
    >
      <label for="new-type">{from ? `New type, made from ${from}` : 'New type'}</label>
      <input
        id="new-type"
        class="input mono"
        value={name}
        maxLength={64}
        spellcheck={false}
        autocomplete="off"
        placeholder="irrigation-valve"
        onInput={(event) => setName(event.currentTarget.value.replaceAll('/', ''))}
      />
      <button type="submit" class="btn pri" disabled={!name.trim()}>
        Define {name.trim() || 'a type'}
      </button>
    </form>
  );
}

function TypesTable({ types }: { types: StoredType[] }) {
  tick.value;
  return (
    <table class="types">
      <thead>
        <tr>
          <th>Type</th>
          <th class="only-w">Description</th>
          <th class="r">Metrics</th>
          <th class="r">Commands</th>
          <th class="r only-w">Changed</th>
        </tr>
      </thead>
      <tbody>
        {types.map(({ type, description, metrics, commands, version, changed, by }) => (
          <tr key={type}>
            <td class="clip">
              <a class="link mono" href={typesUrl(type)}>
                {type}
              </a>
            </td>
            <td class="clip mute only-w" title={description}>
              {description}
            </td>
            <td class="r num">{count(Object.keys(metrics ?? {}).length)}</td>
            <td class="r num">{count(Object.keys(commands ?? {}).length)}</td>
            <td class="r num mute only-w" title={`Version ${version}, ${atDayAndTime(changed)}`}>
              {age(hubNow() - changed)} ago by {by}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NoTypes() {
  return (
    <Empty title="No device types yet">
      <p>
        A type gives its devices labels, units, command forms and checks. Name one above, open a device and
        choose “Make a type from this device”, or run:
      </p>
      <code>
        curl -X PUT {location.origin}/api/v1/types/irrigation-valve -H "Authorization: Bearer $KEY" -d '
        {'{"metrics":{"flow":{"unit":"L/min"}}}'}'
      </code>
    </Empty>
  );
}
