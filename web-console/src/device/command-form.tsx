import { useRef, useState } from 'preact/hooks';
import { can, hubNow, isLost, tick } from '../app/app-state';
import { figure } from '../app/formats';
import { Icon } from '../components/icons';
import { expectedDelivery } from '../components/presence';
import type { Device, Presence } from '../hub/api-types';
import { ApiError } from '../hub/rest';
import type { DeviceFeed } from './device-feed';
import { type CommandPreset, commandsOf, type NumberParam } from './models';

const FREE = '';
const LOST = 'Hub unreachable. Nothing is sent until the connection is back; the form keeps your input.';
const TTLS: [seconds: number, words: string][] = [
  [30, '30 s'],
  [300, '5 min'],
  [3600, '1 h'],
  [86400, '24 h'],
];

/** Form for a command: a preset of the device type, or any name with JSON parameters. */
export function CommandForm({ feed, device }: { feed: DeviceFeed; device: Device }) {
  const presets = commandsOf(device.type);
  const [chosen, setChosen] = useState(presets[0]?.name ?? FREE);
  const [ttl, setTtl] = useState(3600);
  const [number, setNumber] = useState('');
  const [freeName, setFreeName] = useState('');
  const [json, setJson] = useState('{}');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const preset = presets.find((one) => one.name === chosen);
  const name = preset?.name ?? freeName.trim();

  async function send(event: Event) {
    event.preventDefault();
    setFault('');
    const params = preset ? presetParams(preset, number) : parsed(json);
    const wrong = !name ? 'Enter a command name.' : typeof params === 'string' ? params : '';
    if (wrong) {
      setFault(wrong);
      return;
    }
    setBusy(true);
    try {
      await feed.commands.send(name, params, ttl);
    } catch (thrown) {
      setFault(
        thrown instanceof ApiError
          ? thrown.message
          : 'No answer from the hub. The command may or may not have been created.',
      );
    }
    setBusy(false);
  }

  if (!can('commands:write')) {
    return null;
  }
  return (
    <section class="card" aria-label="Send a command">
      <header>
        <h2>Send a command</h2>
      </header>
      <form
        ref={form}
        class="cmd"
        onSubmit={send}
        onKeyDown={(key) =>
          key.key === 'Enter' && (key.ctrlKey || key.metaKey) && form.current?.requestSubmit()
        }
      >
        {presets.length > 0 && (
          <div class="fld">
            <label for="command">Command</label>
            <select
              id="command"
              class="input"
              value={chosen}
              onChange={(e) => setChosen(e.currentTarget.value)}
            >
              {presets.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.label}
                </option>
              ))}
              <option value={FREE}>Another, by name …</option>
            </select>
          </div>
        )}
        {preset?.param && <NumberField feed={feed} param={preset.param} value={number} onValue={setNumber} />}
        {!preset && <FreeFields name={freeName} json={json} onName={setFreeName} onJson={setJson} />}
        <div class="fld">
          <label for="ttl">Expires after</label>
          <select
            id="ttl"
            class="input"
            value={String(ttl)}
            onChange={(e) => setTtl(Number(e.currentTarget.value))}
          >
            {TTLS.map(([seconds, words]) => (
              <option key={seconds} value={String(seconds)}>
                {words}
              </option>
            ))}
          </select>
        </div>
        {fault && (
          <p class="hint bad" role="alert">
            {fault}
          </p>
        )}
        <button
          type="submit"
          class="btn pri"
          disabled={busy || isLost.value}
          aria-keyshortcuts="Control+Enter"
        >
          <Icon name="send" />
          Send {name || 'command'} <kbd>Ctrl Enter</kbd>
        </button>
        <ExpectedDelivery presence={device.presence} />
      </form>
    </section>
  );
}

/** Expected delivery of a command that is sent now. */
function ExpectedDelivery({ presence }: { presence: Presence }) {
  tick.value;
  return <p class="hint num">{isLost.value ? LOST : expectedDelivery(presence, hubNow())}</p>;
}

interface NumberFieldProps {
  feed: DeviceFeed;
  param: NumberParam;
  value: string;
  onValue: (value: string) => void;
}

function NumberField({ feed, param, value, onValue }: NumberFieldProps) {
  const reported = feed.channels.get(param.reportedBy)?.latest.value;
  return (
    <div class="fld">
      <label for="param">
        {param.label}
        <span class="hint num">
          {figureOf(param.min)} to {figureOf(param.max)} {param.unit}
        </span>
      </label>
      <div class="withunit">
        <input
          id="param"
          class="input num"
          type="number"
          inputMode="decimal"
          required
          min={param.min}
          max={param.max}
          step={param.step}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
          aria-describedby="param-now"
        />
        <span aria-hidden="true">{param.unit}</span>
      </div>
      <p class="hint num" id="param-now">
        {typeof reported === 'number'
          ? `Currently reported: ${figure(reported)} ${param.unit}`
          : 'Not reported yet'}
      </p>
    </div>
  );
}

interface FreeFieldsProps {
  name: string;
  json: string;
  onName: (name: string) => void;
  onJson: (json: string) => void;
}

function FreeFields({ name, json, onName, onJson }: FreeFieldsProps) {
  return (
    <>
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
      <div class="fld">
        <label for="params">Parameters (JSON)</label>
        <textarea
          id="params"
          class="input"
          rows={4}
          spellcheck={false}
          value={json}
          onInput={(event) => onJson(event.currentTarget.value)}
        />
      </div>
    </>
  );
}

/** The preset's parameters, or an error message. */
function presetParams({ param }: CommandPreset, number: string): object | string {
  if (!param) {
    return {};
  }
  const value = Number(number);
  const fits = number !== '' && value >= param.min && value <= param.max;
  return fits
    ? { [param.name]: value }
    : `${param.label} must be between ${param.min} and ${param.max} ${param.unit}.`;
}

function parsed(json: string): object | string {
  try {
    const value: unknown = JSON.parse(json.trim() || '{}');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value : 'Parameters must be a JSON object, such as {"level": 3}.';
  } catch (fault) {
    return `Invalid JSON: ${(fault as Error).message}`;
  }
}

function figureOf(bound: number): string {
  return bound.toLocaleString();
}
