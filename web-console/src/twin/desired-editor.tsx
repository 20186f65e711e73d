import { useEffect, useRef, useState } from 'preact/hooks';
import { isLost } from '../app/app-state';
import type { Json, Twin } from '../hub/api-types';
import { ApiError } from '../hub/rest';
import { inexactIn, isObject, nullIn, patchBetween, patched } from './merge-patch';
import type { TwinFeed } from './twin-feed';

interface Draft {
  /** The twin on which the edit is based. */
  seen: Twin;
  text: string;
}

const written = (state: Json) => JSON.stringify(state, null, 2);

/** Editor of the desired state. Sends only the changes, and only if the state has not changed since. */
export function DesiredEditor({ feed, onDone }: { feed: TwinFeed; onDone: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<Draft>(() => begin(feed.twin.value as Twin));
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const now = feed.twin.value as Twin;
  const isBehind = now.desired.version !== draft.seen.desired.version;
  const wanted = parsed(draft.text);
  const change = typeof wanted === 'string' ? {} : patchBetween(draft.seen.desired.state, wanted);
  const changesNothing = Object.keys(change).length === 0;
  useEffect(() => field.current?.focus(), []);

  async function save(event?: Event) {
    event?.preventDefault();
    if (typeof wanted === 'string' || changesNothing) {
      setFault(typeof wanted === 'string' ? wanted : 'No changes to save.');
      return;
    }
    const inexact = inexactIn(change);
    if (inexact !== undefined) {
      setFault(`${inexact} has more digits than a browser can represent. Set it through the API.`);
      return;
    }
    setBusy(true);
    setFault('');
    try {
      await feed.change(change, draft.seen);
      onDone();
    } catch (thrown) {
      await refused(thrown);
    }
    setBusy(false);
  }

  async function refused(thrown: unknown) {
    if (thrown instanceof ApiError && thrown.status === 412) {
      await feed.read();
      setFault('Not saved.');
    } else {
      setFault(
        thrown instanceof ApiError
          ? faultText(thrown)
          : 'No answer from the hub. The change may or may not have been saved.',
      );
    }
  }

  function rebase(text: string) {
    setFault('');
    setDraft({ seen: now, text });
    field.current?.focus();
  }

  return (
    <form class="editor" onSubmit={save}>
      <div class="fld">
        <label for="desired">Desired state (JSON)</label>
        <textarea
          id="desired"
          ref={field}
          class="input"
          rows={Math.min(18, Math.max(5, draft.text.split('\n').length + 1))}
          spellcheck={false}
          value={draft.text}
          aria-invalid={fault !== ''}
          aria-describedby="desired-hint"
          onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
          onKeyDown={(key) => {
            if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) {
              void save();
            }
            if (key.key === 'Escape' && changesNothing) {
              onDone();
            }
          }}
        />
      </div>
      {isBehind && (
        <div class="banner warn" role="alert">
          <span>
            {whoChanged(feed, now)} has changed the desired state: version {now.desired.version}, your edit is
            based on {draft.seen.desired.version}.
          </span>
          <button type="button" class="btn sm" onClick={() => rebase(written(now.desired.state))}>
            Discard my changes
          </button>
          {typeof wanted !== 'string' && !changesNothing && (
            <button
              type="button"
              class="btn sm"
              onClick={() => rebase(written(patched(now.desired.state, change)))}
            >
              Reapply my changes
            </button>
          )}
        </div>
      )}
      {fault && (
        <p class="hint bad" role="alert">
          {fault}
        </p>
      )}
      <div class="actions">
        <button
          type="submit"
          class="btn pri"
          disabled={busy || isLost.value}
          aria-keyshortcuts="Control+Enter"
        >
          Save desired <kbd>Ctrl Enter</kbd>
        </button>
        <button type="button" class="btn" onClick={onDone}>
          Discard
        </button>
        <p class="hint clip" id="desired-hint">
          {changesNothing ? 'Only changed values are sent.' : `Sends ${JSON.stringify(change)}`}
        </p>
      </div>
    </form>
  );
}

/** Every fault that the hub found, or why else it refused. */
function faultText({ errors, message }: ApiError): string {
  return errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join('; ') || message;
}

function whoChanged(feed: TwinFeed, { desired }: Twin): string {
  const changes = feed.history.value ?? [];
  return (
    changes.find((one) => one.side === 'desired' && one.version === desired.version)?.by ?? 'Another user'
  );
}

function begin(seen: Twin): Draft {
  return { seen, text: written(seen.desired.state) };
}

/** The parsed document, or an error message. */
function parsed(text: string): Json | string {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}');
    if (!isObject(value)) {
      return 'The desired state must be a JSON object, such as {"interval": 60}.';
    }
    const empty = nullIn(value);
    return empty ? `${empty} must not be null. To remove it, delete the line.` : value;
  } catch (fault) {
    return `Invalid JSON: ${(fault as Error).message}`;
  }
}
