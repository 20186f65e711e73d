import { useState } from 'preact/hooks';
import { ApiError } from '../hub/rest';

/** Asynchronous action of a button, with busy state and error text. */
export function useAsyncAction<A extends unknown[]>(work: (...given: A) => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  async function run(...given: A) {
    setBusy(true);
    setFault('');
    try {
      await work(...given);
    } catch (thrown) {
      setFault(thrown instanceof ApiError ? thrown.message : 'Hub unreachable.');
    }
    setBusy(false);
  }
  return { busy, fault, run: (...given: A) => void run(...given) };
}
