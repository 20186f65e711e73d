import { useEffect, useState } from 'preact/hooks';

/**
 * Kept versions of a document, newest first; null until they have arrived.
 *
 * @param id of the document; another one is read at once
 * @param fetch fetches its versions
 */
export function useVersions<V>(id: string, fetch: (id: string) => Promise<V[]>) {
  const [versions, setVersions] = useState<V[] | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const read = () =>
    fetch(id).then((found) => {
      setVersions(found);
      setFault(null);
    }, setFault);
  useEffect(() => void read(), [id]);
  return { versions, fault, read: () => void read() };
}
