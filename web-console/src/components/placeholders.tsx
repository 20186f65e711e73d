import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { atTime } from '../app/formats';
import { ApiError, NetworkError } from '../hub/rest';
import { Icon } from './icons';

/** Grey bars where something will be, only once it has taken noticeably long. */
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

/** What went wrong, when, by which request, and the way on. */
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

/** The same in one line, for a part of a screen. */
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
      <Empty title="There is no such page">
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
