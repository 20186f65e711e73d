import { useEffect, useMemo, useState } from 'preact/hooks';
import { can, isLost } from '../app/app-state';
import { deviceUrl, go, type TypesQuery, typesUrl } from '../app/router';
import { Icon } from '../components/icons';
import { JsonEditor } from '../components/json-editor';
import { ErrorState, Loading } from '../components/placeholders';
import { definitions } from '../device-types/definitions';
import type { StoredType } from '../device-types/device-type';
import { problemsIn, readJson } from '../device-types/json-text';
import { ApiError, type DocumentFault } from '../hub/rest';
import { DeleteType } from './delete-type';
import { MetricRows } from './metric-rows';
import { proposedType } from './propose';
import { StrictChoice } from './strict-choice';
import { faultsOfType } from './type-check';
import { drafts } from './type-drafts';
import { TypeOutline } from './type-outline';
import { withCommand, withMetric } from './type-snippets';
import { TypeVersions } from './type-versions';
import { documentText, readSeen, readType, saveType, setType } from './types-api';

/** What the editor was opened with: a version of the type, or a proposal for a new one. */
interface Opened {
  stored: StoredType | null;
  etag: string | null;
  text: string;
  /** Whether the device that it is made from has another type, or none. */
  isAssignable: boolean;
}

const NEW = JSON.stringify({ metrics: {}, commands: {} }, null, 2);

/** A device type: editor, what it says, versions, and the way to delete it. */
export function TypeScreen({ name, query }: { name: string; query: TypesQuery }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [fault, setFault] = useState<unknown>(null);

  async function open() {
    setFault(null);
    try {
      setOpened(await opening(name, query.from));
    } catch (thrown) {
      setFault(thrown);
    }
  }
  useEffect(() => void open(), []);

  return (
    <>
      <div>
        <nav class="crumb" aria-label="Breadcrumb">
          <a href={typesUrl()}>Device types</a>
          <Icon name="chevron" />
          <span aria-current="page">{name}</span>
        </nav>
        <div class="head">
          <h1>{name}</h1>
          {opened && (
            <span class="mute num">
              {opened.stored ? `version ${opened.stored.version}` : 'not saved yet'}
            </span>
          )}
        </div>
      </div>
      {opened ? (
        <TypeEditor name={name} from={query.from} opened={opened} onOpened={setOpened} />
      ) : (
        <section class="card">
          {fault ? (
            <ErrorState what={`Failed to load ${name}`} fault={fault} retry={() => void open()} />
          ) : (
            <Loading rows={8} />
          )}
        </section>
      )}
    </>
  );
}

async function opening(name: string, from: string): Promise<Opened> {
  const [found, seen] = await Promise.all([readType(name), from ? readSeen(from) : null]);
  const isAssignable = seen !== null && seen.device.type !== name;
  if (found) {
    return { stored: found.body, etag: found.etag, text: documentText(found.body), isAssignable };
  }
  const text = seen ? JSON.stringify(proposedType(seen), null, 2) : NEW;
  return { stored: null, etag: null, text, isAssignable };
}

interface EditorProps {
  name: string;
  from: string;
  opened: Opened;
  onOpened: (opened: Opened) => void;
}

function TypeEditor({ name, from, opened, onOpened }: EditorProps) {
  const [draft] = useState(drafts.get(name));
  const [text, setText] = useState(draft?.text ?? opened.text);
  const [refused, setRefused] = useState<DocumentFault[]>([]);
  const [fault, setFault] = useState('');
  const [conflict, setConflict] = useState<StoredType | 'deleted' | null>(
    draft && draft.etag !== opened.etag ? (opened.stored ?? 'deleted') : null,
  );
  const [busy, setBusy] = useState(false);
  const [note, setNote] = useState(draft ? 'Your unsaved changes are restored.' : '');
  const [assign, setAssign] = useState(true);
  const isWriter = can('devices:write');
  const json = useMemo(() => readJson(text), [text]);
  const faults = refused.length > 0 ? refused : json.problem ? [] : faultsOfType(json.value);
  const problems = problemsIn(json, text, faults);
  const isChanged = text !== opened.text || !opened.stored;
  useLeaveQuestion(text !== opened.text);

  function edit(next: string, based = opened) {
    setText(next);
    if (next === based.text) {
      drafts.delete(name);
    } else {
      drafts.set(name, { text: next, etag: based.etag });
    }
    setRefused([]);
    setFault('');
    setNote('');
  }

  async function save(etag: string | null = opened.etag) {
    if (json.problem) {
      setFault('Not saved: invalid JSON.');
      return;
    }
    setBusy(true);
    setFault('');
    try {
      const { body, etag: saved } = await saveType(name, text, etag);
      drafts.delete(name);
      await definitions.reload(name);
      if (opened.isAssignable && assign) {
        await setType(from, name);
      }
      setConflict(null);
      onOpened({ ...opened, stored: body, etag: saved, text });
      setNote(`Saved as version ${body.version}.`);
      if (from) {
        go(deviceUrl(from));
      }
    } catch (thrown) {
      await explain(thrown);
    }
    setBusy(false);
  }

  async function explain(thrown: unknown) {
    if (!(thrown instanceof ApiError)) {
      setFault('No answer from the hub. The type may or may not have been saved.');
    } else if (thrown.status === 412) {
      const present = await readType(name).catch(() => null);
      setConflict(present?.body ?? 'deleted');
      setFault('Not saved.');
    } else {
      setRefused(thrown.errors);
      setFault(thrown.errors.length > 0 ? 'Not saved: the hub found these faults.' : thrown.message);
    }
  }

  async function takeTheirs() {
    const present = await readType(name).catch(() => null);
    const theirs = present ? documentText(present.body) : text;
    const next = { ...opened, stored: present?.body ?? null, etag: present?.etag ?? null, text: theirs };
    onOpened(next);
    edit(theirs, next);
    setConflict(null);
  }

  async function overwrite() {
    const present = await readType(name).catch(() => null);
    onOpened({ ...opened, stored: present?.body ?? null, etag: present?.etag ?? null });
    await save(present?.etag ?? null);
  }

  return (
    <div class="dev-grid types-grid">
      <div class="col">
        <section class="card" aria-label="Definition">
          <header>
            <h2>Definition</h2>
            <span class="sp" />
            {isWriter && (
              <>
                <button type="button" class="btn sm" onClick={() => edit(withMetric(text))}>
                  Add metric
                </button>
                <button type="button" class="btn sm" onClick={() => edit(withCommand(text))}>
                  Add command
                </button>
              </>
            )}
          </header>
          <form
            class="editor"
            onSubmit={(event) => {
              event.preventDefault();
              void save();
            }}
            onKeyDown={(key) => {
              if (key.key === 'Enter' && (key.ctrlKey || key.metaKey) && isWriter) {
                void save();
              }
            }}
          >
            {!opened.stored && from && (
              <p class="hint">
                Proposed from the readings of {from}. Add the units that the readings did not contain, for
                example <code>"unit": "L/min"</code>.
              </p>
            )}
            {isWriter && (
              <>
                <MetricRows value={json.value} onText={(next) => edit(next)} />
                <StrictChoice value={json.value} onText={(next) => edit(next)} />
              </>
            )}
            <div class="fld">
              <label for="type-text">Device type (JSON)</label>
              <JsonEditor
                id="type-text"
                text={text}
                rows={Math.min(36, Math.max(14, text.split('\n').length + 1))}
                problems={problems}
                isReadOnly={!isWriter}
                onText={(next) => edit(next)}
              />
            </div>
            {conflict && (
              <Conflict
                theirs={conflict}
                onTake={() => void takeTheirs()}
                onOverwrite={() => void overwrite()}
              />
            )}
            {fault && (
              <p class="hint bad" role="alert">
                {fault}
              </p>
            )}
            {opened.isAssignable && isWriter && (
              <label class="check" for="assign">
                <input
                  id="assign"
                  type="checkbox"
                  checked={assign}
                  onChange={(event) => setAssign(event.currentTarget.checked)}
                />
                <span>
                  Make {name} the type of {from}
                </span>
              </label>
            )}
            {isWriter && (
              <div class="actions">
                <button
                  type="submit"
                  class="btn pri"
                  disabled={busy || isLost.value || !isChanged}
                  aria-keyshortcuts="Control+Enter"
                >
                  Save {name} <kbd>Ctrl Enter</kbd>
                </button>
                {text !== opened.text && (
                  <button type="button" class="btn" onClick={() => edit(opened.text)}>
                    Discard changes
                  </button>
                )}
                <p class="hint" role="status">
                  {note}
                </p>
              </div>
            )}
          </form>
        </section>
      </div>
      <div class="col">
        <TypeOutline value={json.value} />
        <TypeVersions
          key={opened.stored?.version}
          type={name}
          present={opened.stored?.version ?? null}
          onUse={(version) => {
            edit(documentText(version));
            setNote(`Version ${version.version} is in the editor. Save to make it the current one.`);
          }}
        />
        {opened.stored && opened.etag && isWriter && <DeleteType stored={opened.stored} etag={opened.etag} />}
      </div>
    </div>
  );
}

interface ConflictProps {
  theirs: StoredType | 'deleted';
  onTake: () => void;
  onOverwrite: () => void;
}

function Conflict({ theirs, onTake, onOverwrite }: ConflictProps) {
  return (
    <div class="banner warn" role="alert">
      <span>
        {theirs === 'deleted'
          ? 'The type has been deleted in the meantime.'
          : `${theirs.by} has saved version ${theirs.version} in the meantime.`}
      </span>
      {theirs !== 'deleted' && (
        <button type="button" class="btn sm" onClick={onTake}>
          Discard my changes
        </button>
      )}
      <button type="button" class="btn sm" onClick={onOverwrite}>
        Save mine anyway
      </button>
    </div>
  );
}

/** Asks before the page is left with unsaved changes. */
function useLeaveQuestion(isChanged: boolean): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    if (isChanged) {
      window.addEventListener('beforeunload', ask);
    }
    return () => window.removeEventListener('beforeunload', ask);
  }, [isChanged]);
}
