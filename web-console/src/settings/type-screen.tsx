import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { can, isLost } from '../app/app-state';
import { count } from '../app/formats';
import { deviceUrl, go, type TypesQuery, typesUrl } from '../app/router';
import { Confirm } from '../components/confirm';
import { Icon } from '../components/icons';
import { JsonEditor } from '../components/json-editor';
import { ErrorState, Loading } from '../components/placeholders';
import { definitions } from '../device-types/definitions';
import type { StoredType } from '../device-types/device-type';
import { problemsIn, readJson } from '../device-types/json-text';
import { ApiError, type DocumentFault } from '../hub/rest';
import { MetricRows } from './metric-rows';
import { proposedType } from './propose';
import { faultsOfType } from './type-check';
import { TypeOutline } from './type-outline';
import { withCommand, withMetric } from './type-snippets';
import { TypeVersions } from './type-versions';
import { countDevices, deleteType, documentText, readSeen, readType, saveType, setType } from './types-api';

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
  const [text, setText] = useState(opened.text);
  const [refused, setRefused] = useState<DocumentFault[]>([]);
  const [fault, setFault] = useState('');
  const [conflict, setConflict] = useState<StoredType | 'deleted' | null>(null);
  const [busy, setBusy] = useState(false);
  const [note, setNote] = useState('');
  const [assign, setAssign] = useState(true);
  const isWriter = can('devices:write');
  const json = useMemo(() => readJson(text), [text]);
  const faults = refused.length > 0 ? refused : json.problem ? [] : faultsOfType(json.value);
  const problems = problemsIn(json, text, faults);
  const isChanged = text !== opened.text || !opened.stored;
  useLeaveQuestion(text !== opened.text);

  function edit(next: string) {
    setText(next);
    setRefused([]);
    setFault('');
    setNote('');
  }

  async function save(etag: string | null = opened.etag) {
    if (json.problem) {
      setFault('Not saved: this is not JSON yet.');
      return;
    }
    setBusy(true);
    setFault('');
    try {
      const { body, etag: saved } = await saveType(name, text, etag);
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
      setFault(thrown.errors.length > 0 ? 'Not saved: the hub found the faults below.' : thrown.message);
    }
  }

  async function takeTheirs() {
    const present = await readType(name).catch(() => null);
    const theirs = present ? documentText(present.body) : text;
    onOpened({ ...opened, stored: present?.body ?? null, etag: present?.etag ?? null, text: theirs });
    edit(theirs);
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
                Proposed from what {from} has sent. Units are not known unless the readings told them: add
                them, for example <code>"unit": "L/min"</code>.
              </p>
            )}
            {isWriter && <MetricRows value={json.value} onText={edit} />}
            <div class="fld">
              <label for="type-text">Device type (JSON)</label>
              <JsonEditor
                id="type-text"
                text={text}
                rows={Math.min(36, Math.max(14, text.split('\n').length + 1))}
                problems={problems}
                isReadOnly={!isWriter}
                onText={edit}
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
        {opened.stored && (
          <TypeVersions
            key={opened.stored.version}
            stored={opened.stored}
            onUse={(version) => {
              edit(documentText(version));
              setNote(`Version ${version.version} is in the editor. Save to make it the present one.`);
            }}
          />
        )}
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
          ? 'Somebody has deleted the type in the meantime.'
          : `${theirs.by} has saved version ${theirs.version} in the meantime.`}
      </span>
      {theirs !== 'deleted' && (
        <button type="button" class="btn sm" onClick={onTake}>
          Discard my changes
        </button>
      )}
      <button type="button" class="btn sm" onClick={onOverwrite}>
        Save mine all the same
      </button>
    </div>
  );
}

/** Deletes the type, after it is said what that means. */
function DeleteType({ stored: { type }, etag }: { stored: StoredType; etag: string }) {
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
              ? 'No device has it.'
              : `${many} keep their readings and commands, but lose labels, units and command forms; their commands are no longer checked.`}
          </p>
          <p>Its versions are kept: a type of the same name can take them up again.</p>
        </Confirm>
      )}
    </section>
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
