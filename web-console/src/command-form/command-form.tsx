import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { hubNow, isLost, tick } from '../app/app-state';
import { took } from '../app/formats';
import { Icon } from '../components/icons';
import { JsonEditor } from '../components/json-editor';
import { expectedDelivery } from '../components/presence';
import type { DeviceFeed } from '../device/device-feed';
import type { KnownCommand } from '../device-types/definition';
import { definitionOf } from '../device-types/definitions';
import { type Draft, draftOf, valueFrom } from '../device-types/draft';
import { errorsByField, withoutErrorsAt } from '../device-types/field-errors';
import { problemsIn, readJson } from '../device-types/json-text';
import { type Field, paramsField } from '../device-types/schema';
import { placesBefore } from '../device-types/undo';
import type { Device, Presence } from '../hub/api-types';
import { ApiError, type DocumentFault } from '../hub/rest';
import { isObject, same } from '../twin/merge-patch';
import { isInTwin, Places, placeOfParam, Reported, useTwin } from './reported';
import { RiskQuestion } from './risk-question';
import { SchemaField } from './schema-fields';

const FREE = '';
const LOST = 'Hub unreachable. Nothing is sent until the connection is back; the form keeps your input.';
const DEFAULT_TTL = 3600;
const TTLS: [seconds: number, words: string][] = [
  [30, '30 s'],
  [300, '5 min'],
  [3600, '1 h'],
  [86400, '24 h'],
];

/** What is typed for one command, kept while another one is chosen. */
interface Input {
  draft: Draft;
  /** The parameters as JSON; null while they are edited by fields. */
  text: string | null;
  ttl: number;
}

interface Ready {
  name: string;
  params: unknown;
  ttl: number;
}

/** Form for a command: one that the device type describes, or any name with JSON parameters. */
export function CommandForm({ feed, device }: { feed: DeviceFeed; device: Device }) {
  const definition = definitionOf(device);
  const { commands } = definition;
  const [chosen, setChosen] = useState<string | null>(null);
  const [inputs, setInputs] = useState<Record<string, Input>>({});
  const [freeName, setFreeName] = useState('');
  const [fault, setFault] = useState('');
  const [faults, setFaults] = useState<DocumentFault[]>([]);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<Ready | null>(null);
  const form = useRef<HTMLFormElement>(null);
  /** Whether the faults are those of a check, not what typing has left of them. */
  const isChecked = useRef(false);

  // The type may arrive after the form, or lose the chosen command.
  const command = chosen === null ? commands[0] : commands.find((one) => one.name === chosen);
  const field = useMemo(() => paramsField(command?.params), [command]);
  const input = inputs[command?.name ?? FREE] ?? freshInput(command, field);
  const name = command?.name ?? freeName.trim();
  const places = placesOf(command);
  const twin = useTwin(device.id, [...places, ...placesBefore(name, definition)].some(isInTwin));
  const known = new Places(feed, definition, twin);
  const isDestructive = command?.risk === 'destroys';

  function change(part: Partial<Input>) {
    setInputs((all) => ({ ...all, [command?.name ?? FREE]: { ...input, ...part } }));
  }

  function choose(next: string) {
    setChosen(next);
    setFault('');
    setFaults([]);
  }

  function submit(event: Event) {
    event.preventDefault();
    if (busy || isLost.value) {
      return; // The keys also work while the button does not.
    }
    const { params, wrong } = checked(field, input);
    setFaults(wrong);
    setFault(name ? '' : 'Enter a command name.');
    isChecked.current = true;
    if (!name || wrong.length > 0) {
      return;
    }
    const ready = { name, params, ttl: input.ttl };
    if (command?.risk === 'disturbs' || isDestructive) {
      setAsking(ready);
    } else {
      void send(ready);
    }
  }

  async function send({ name: sent, params, ttl }: Ready) {
    setBusy(true);
    const before = placesBefore(sent, definition).map((place) => [place, known.value(place)] as const);
    try {
      await feed.commands.send(sent, params, ttl, new Map(before));
    } catch (thrown) {
      if (thrown instanceof ApiError) {
        isChecked.current = true;
        setFaults(thrown.errors);
        setFault(thrown.errors.length > 0 ? refusedText(thrown.errors) : thrown.message);
      } else {
        setFault('No answer from the hub. The command may or may not have been created.');
      }
    }
    setBusy(false);
  }

  useEffect(() => {
    if (isChecked.current && faults.length > 0) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
    isChecked.current = false;
  }, [faults]);

  return (
    <section class="card" aria-label="Send a command">
      <header>
        <h2>Send a command</h2>
      </header>
      <form
        ref={form}
        class="cmd"
        noValidate
        onSubmit={submit}
        onKeyDown={(key) =>
          key.key === 'Enter' && (key.ctrlKey || key.metaKey) && form.current?.requestSubmit()
        }
      >
        {commands.length > 0 && (
          <div class="fld">
            <label for="command">Command</label>
            <select
              id="command"
              class="input"
              value={command?.name ?? FREE}
              onChange={(event) => choose(event.currentTarget.value)}
            >
              {commands.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.title}
                </option>
              ))}
              <option value={FREE}>Another, by name …</option>
            </select>
            {command?.description && <p class="hint">{command.description}</p>}
          </div>
        )}
        {!command && (
          <NameField
            name={freeName}
            onName={(typed) => {
              setFreeName(typed);
              // A type that arrives late must not replace what is being typed.
              setChosen(FREE);
            }}
          />
        )}
        <Params
          key={command?.name ?? FREE}
          command={command}
          field={field}
          input={input}
          faults={faults}
          places={known}
          onInput={(part, pointer) => {
            change(part);
            setFaults(withoutErrorsAt(faults, pointer));
          }}
        />
        <Ttl seconds={input.ttl} declared={command?.ttl} onTtl={(ttl) => change({ ttl })} />
        {fault && (
          <p class="hint bad" role="alert">
            {fault}
          </p>
        )}
        <button
          type="submit"
          class={isDestructive ? 'btn danger' : 'btn pri'}
          disabled={busy || isLost.value}
          aria-keyshortcuts="Control+Enter"
        >
          <Icon name="send" />
          Send {name || 'command'}
          {command && (command.risk ?? 'none') !== 'none' && ' …'} <kbd>Ctrl Enter</kbd>
        </button>
        <ExpectedDelivery presence={device.presence} />
      </form>
      {asking && command && (
        <RiskQuestion
          command={command}
          device={device}
          params={asking.params}
          onAnswer={(isConfirmed) => {
            setAsking(null);
            if (isConfirmed) {
              void send(asking);
            }
          }}
        />
      )}
    </section>
  );
}

function freshInput(command: KnownCommand | undefined, field: Field): Input {
  const isText = !command || field.kind === 'json';
  return { draft: draftOf(field), text: isText ? '{}' : null, ttl: command?.ttl ?? DEFAULT_TTL };
}

/** The parameters, and what can be told to be wrong with them before sending. */
function checked(field: Field, { draft, text }: Input): { params: unknown; wrong: DocumentFault[] } {
  const wrong: DocumentFault[] = [];
  if (text === null) {
    return { params: valueFrom(field, draft, true, wrong) ?? {}, wrong };
  }
  const { value, problem } = readJson(text.trim() ? text : '{}');
  if (problem) {
    wrong.push({ pointer: '', detail: problem.message });
  } else if (!isObject(value)) {
    wrong.push({ pointer: '', detail: 'must be a JSON object, such as {"level": 3}' });
  }
  return { params: value, wrong };
}

function placesOf(command: KnownCommand | undefined): string[] {
  const reported = command?.reportedBy ?? {};
  return typeof reported === 'string' ? [reported] : Object.values(reported);
}

function refusedText(faults: readonly DocumentFault[]): string {
  return faults.length === 1 ? 'One value does not fit.' : `${faults.length} values do not fit.`;
}

interface ParamsProps {
  command: KnownCommand | undefined;
  field: Field;
  input: Input;
  faults: readonly DocumentFault[];
  places: Places;
  onInput: (part: Partial<Input>, pointer: string) => void;
}

/** The parameters as fields, or as JSON where fields do not reach or by choice. */
function Params({ command, field, input, faults, places, onInput }: ParamsProps) {
  const [isBeyond, setBeyond] = useState(false);
  const errors = errorsByField(field, faults);
  const placeOf = (name: string) => (command && name ? placeOfParam(command, name) : undefined);
  const wanted =
    input.text === null ? (valueFrom(field, input.draft, true, []) as Record<string, unknown>) : {};
  const isSwitchable = command !== undefined && field.kind !== 'json';

  function toText() {
    onInput({ text: JSON.stringify(valueFrom(field, input.draft, true, []) ?? {}, null, 2) }, '');
  }

  /** Back to the fields, unless they would lose a part of the text. */
  function toFields() {
    const { value, problem } = readJson(input.text ?? '');
    const draft = draftOf(field, value);
    const isWhole = !problem && same(valueFrom(field, draft, true, []), value);
    setBeyond(!isWhole);
    if (isWhole) {
      onInput({ text: null, draft }, '');
    }
  }

  if (input.text !== null) {
    return (
      <>
        <JsonParams text={input.text} faults={faults} onText={(text) => onInput({ text }, '')} />
        {isSwitchable && (
          <button type="button" class="link-btn" onClick={toFields}>
            Edit as form
          </button>
        )}
        {isBeyond && <p class="hint">The form cannot show all of this.</p>}
      </>
    );
  }
  return (
    <>
      <SchemaField
        field={field}
        pointer=""
        draft={input.draft}
        isRequired={true}
        errors={errors}
        onDraft={(draft, pointer) => onInput({ draft }, pointer)}
        present={(name) => {
          const place = placeOf(name);
          return place === undefined ? undefined : places.value(place);
        }}
        reported={(name, id) => {
          const place = placeOf(name);
          const of =
            field.kind === 'group' ? field.properties.find((one) => one.name === name)?.field : undefined;
          return place !== undefined && of ? (
            <Reported id={id} places={places} place={place} field={of} wanted={wanted?.[name]} />
          ) : null;
        }}
      />
      {(errors.get('') ?? []).map((text) => (
        <p key={text} class="hint bad">
          {text}
        </p>
      ))}
      {isSwitchable && (
        <button type="button" class="link-btn" onClick={toText}>
          Edit as JSON
        </button>
      )}
    </>
  );
}

function JsonParams(props: {
  text: string;
  faults: readonly DocumentFault[];
  onText: (text: string) => void;
}) {
  const { text, faults, onText } = props;
  return (
    <div class="fld">
      <label for="params">Parameters (JSON)</label>
      <JsonEditor
        id="params"
        text={text}
        rows={4}
        problems={faults.length > 0 ? problemsIn(readJson(text), text, faults) : []}
        onText={onText}
      />
    </div>
  );
}

function NameField({ name, onName }: { name: string; onName: (name: string) => void }) {
  return (
    <div class="fld">
      <label for="name">Name</label>
      <input
        id="name"
        class="input mono"
        value={name}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onName(event.currentTarget.value)}
      />
    </div>
  );
}

interface TtlProps {
  seconds: number;
  declared: number | undefined;
  onTtl: (seconds: number) => void;
}

function Ttl({ seconds, declared, onTtl }: TtlProps) {
  const isKnown = declared === undefined || TTLS.some(([ttl]) => ttl === declared);
  const ttls = isKnown
    ? TTLS
    : [...TTLS, [declared, took(declared * 1_000)] as const].sort((a, b) => a[0] - b[0]);
  return (
    <div class="fld">
      <label for="ttl">Expires after</label>
      <select
        id="ttl"
        class="input"
        value={String(seconds)}
        onChange={(event) => onTtl(Number(event.currentTarget.value))}
      >
        {ttls.map(([ttl, words]) => (
          <option key={ttl} value={String(ttl)}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Expected delivery of a command that is sent now. */
function ExpectedDelivery({ presence }: { presence: Presence }) {
  tick.value;
  return <p class="hint num">{isLost.value ? LOST : expectedDelivery(presence, hubNow())}</p>;
}
