import { useEffect, useRef, useState } from 'preact/hooks';
import { isLost } from '../app/app-state';
import { count } from '../app/formats';
import { go, typesUrl } from '../app/router';
import { Confirm } from '../components/confirm';
import { definitions } from '../device-types/definitions';
import type { StoredType } from '../device-types/device-type';
import { ApiError } from '../hub/rest';
import { drafts } from './type-drafts';
import { countDevices, deleteType } from './types-api';

/** Deletes the type, after it is said what that means. */
export function DeleteType({ stored: { type }, etag }: { stored: StoredType; etag: string }) {
  const [devices, setDevices] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState('');
  const shown = useRef(true);
  useEffect(() => {
    countDevices(type).then(
      (found) => shown.current && setDevices(found),
      () => {},
    );
    return () => {
      shown.current = false;
    };
  }, [type]);

  async function remove() {
    setFault('');
    try {
      await deleteType(type, etag);
      drafts.delete(type);
      await definitions.reload(type);
      go(typesUrl());
    } catch (thrown) {
      setFault(thrown instanceof ApiError ? thrown.message : 'No answer from the hub.');
    }
  }

  const many =
    devices === null
      ? 'Devices of this type'
      : `${count(devices)} ${devices === 1 ? 'device' : 'devices'} of this type`;
  return (
    <section class="card" aria-label="Delete">
      <header>
        <h2>{devices === 0 ? 'No device has this type' : many}</h2>
        <span class="sp" />
        <button type="button" class="btn sm danger" disabled={isLost.value} onClick={() => setAsking(true)}>
          Delete type …
        </button>
      </header>
      {devices !== null && devices > 0 && (
        <p class="pad">
          <a class="link" href={`/fleet?q=${encodeURIComponent(`type:${type}`)}`}>
            Show them in the fleet
          </a>
        </p>
      )}
      {fault && (
        <p class="pad hint bad" role="alert">
          {fault}
        </p>
      )}
      {asking && (
        <Confirm
          title={`Delete the type ${type}?`}
          action={`Delete ${type}`}
          onAnswer={(isConfirmed) => {
            setAsking(false);
            if (isConfirmed) {
              void remove();
            }
          }}
        >
          <p>
            {devices === 0
              ? 'No device has this type.'
              : `${many} keep their readings and commands, but lose labels, units and command forms; their commands are no longer validated.`}
          </p>
          <p>Its versions are kept. A new type of the same name continues them.</p>
        </Confirm>
      )}
    </section>
  );
}
