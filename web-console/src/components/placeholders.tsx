import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { atTime } from '../app/formats';
import { ApiError, NetworkError } from '../hub/rest';
import { Icon } from './icons';

/** Skeleton rows, shown after a short delay. */
export function Loading({ rows }: { rows: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" aria-busy="true" aria-live="polite">
      {shown && <span class="vh">Loading</span>}
      {shown && Array.from({ length: rows }, (_, row) => <div key={row} class="skel" />)}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Error with message, time, request and a retry button. */
export function ErrorState({ what, fault, retry }: { what: string; fault: unknown; retry?: () => void }) {
  const at = fault instanceof ApiError || fault instanceof NetworkError ? fault.at : Date.now();
  const request = fault instanceof ApiError ? fault.instance : undefined;
  return (
    <div class="empty" role="alert">
      <Icon name="alert" />
      <h2>{what}</h2>
      <p>{fault instanceof Error ? fault.message : String(fault)}</p>
      <p class="mute num">
        {atTime(at)}
        {request && <span class="mono"> {request}</span>}
      </p>
      {retry && (
        <button type="button" class="btn" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** One-line error for a section of a screen. */
export function Fault({ what, fault, retry }: { what: string; fault: unknown; retry: () => void }) {
  return (
    <p class="fault" role="alert">
      <span>
        {what}: {fault instanceof Error ? fault.message : String(fault)}
      </span>
      <button type="button" class="btn sm" onClick={retry}>
        Try again
      </button>
    </p>
  );
}

export function NotFound({ path }: { path: string }) {
  return (
    <section class="card">
      <Empty title="Page not found">
        <p>
          <code>{path}</code>
        </p>
        <a class="link" href="/fleet">
          Go to the fleet
        </a>
      </Empty>
    </section>
  );
}
