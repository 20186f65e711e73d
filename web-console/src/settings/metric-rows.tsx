import { humanName } from '../app/formats';
import { Icon } from '../components/icons';
import type { MetricType } from '../device-types/device-type';
import { unitText } from '../device-types/units';
import { inexactIn, isObject } from '../twin/merge-patch';

/** Codes offered for the unit of a metric; any other UCUM or SenML code may be typed. */
const UNITS = [
  ...['Cel', '[degF]', 'K', '%', 'Pa', 'kPa', 'bar', '[psi]', 'm', 'mm', 'um', 'm/s', 'mm/s', 'm/s2', 'km/h'],
  ...['L', 'm3', 'L/min', 'm3/h', 'kg', 'g', 't', 'N', 'N.m', 'V', 'mV', 'A', 'mA', 'W', 'kW', 'W.h', 'kW.h'],
  ...['Hz', 'rpm', 's', 'min', 'h', 'deg', 'lx', 'dB', 'dBm', '[ppm]', 'ug/m3', 'uS/cm', '[pH]', 'Ohm', 'J'],
];

type Metrics = Record<string, MetricType>;

interface MetricRowsProps {
  /** The document in the editor. */
  value: unknown;
  onText: (text: string) => void;
}

/** The members of metrics that are filled in most, as a table; it writes the JSON beside it. */
export function MetricRows({ value, onText }: MetricRowsProps) {
  const metrics = metricsIn(value);
  if (!metrics) {
    return null;
  }
  const write = (next: Metrics) => onText(JSON.stringify({ ...(value as object), metrics: next }, null, 2));
  return (
    <>
      <datalist id="units">
        {UNITS.map((code) => (
          <option key={code} value={code} label={unitText(code)} />
        ))}
      </datalist>
      <ul class="metric-rows" aria-label="Metrics">
        <li class="names only-w" aria-hidden="true">
          {['Metric', 'Label', 'Unit', 'Decimals', 'Expected every'].map((name) => (
            <span key={name}>{name}</span>
          ))}
        </li>
        {Object.entries(metrics).map(([name, metric]) => (
          <MetricRow
            key={name}
            name={name}
            metric={metric}
            onMetric={(next) => write({ ...metrics, [name]: next })}
            onRemove={() => {
              const { [name]: _, ...rest } = metrics;
              write(rest);
            }}
          />
        ))}
      </ul>
    </>
  );
}

/** The metrics of a document, if a table can show and write them without loss. */
function metricsIn(value: unknown): Metrics | null {
  const metrics = isObject(value) ? value.metrics : undefined;
  const isPlain =
    isObject(metrics) &&
    Object.keys(metrics).length > 0 &&
    Object.values(metrics).every(isObject) &&
    inexactIn(value) === undefined;
  return isPlain ? (metrics as Metrics) : null;
}

interface MetricRowProps {
  name: string;
  metric: MetricType;
  onMetric: (metric: MetricType) => void;
  onRemove: () => void;
}

function MetricRow({ name, metric, onMetric, onRemove }: MetricRowProps) {
  const isNumber = (metric.kind ?? 'number') === 'number';
  function set(member: keyof MetricType, text: string, isNumeric = false) {
    const { [member]: _, ...rest } = metric;
    const filled = isNumeric ? Number(text) : text;
    // Members stay in their order; an empty one is left out.
    onMetric(text === '' ? rest : { ...metric, [member]: filled });
  }
  return (
    <li>
      <span class="mono clip" title={name}>
        {name}
      </span>
      <input
        class="input"
        aria-label={`Label of ${name}`}
        placeholder={humanName(name)}
        maxLength={128}
        value={metric.label ?? ''}
        onInput={(event) => set('label', event.currentTarget.value)}
      />
      {isNumber ? (
        <>
          <span class="withunit">
            <input
              class="input"
              aria-label={`Unit of ${name}`}
              placeholder="Unit"
              list="units"
              maxLength={32}
              spellcheck={false}
              value={metric.unit ?? ''}
              onInput={(event) => set('unit', event.currentTarget.value)}
            />
            <span aria-hidden="true">{unitText(metric.unit) !== metric.unit && unitText(metric.unit)}</span>
          </span>
          <input
            class="input num"
            type="number"
            min={0}
            max={15}
            aria-label={`Decimals of ${name}`}
            placeholder="Decimals"
            value={metric.decimals ?? ''}
            onInput={(event) => set('decimals', event.currentTarget.value, true)}
          />
        </>
      ) : (
        <span class="mute kind">{metric.kind}</span>
      )}
      <span class="withunit">
        <input
          class="input num"
          type="number"
          min={0}
          step="any"
          aria-label={`Expected interval of ${name}, in seconds`}
          placeholder="Every"
          value={metric.interval ?? ''}
          onInput={(event) => set('interval', event.currentTarget.value, true)}
        />
        <span aria-hidden="true">s</span>
      </span>
      <button type="button" class="btn sm sq ghost" onClick={onRemove}>
        <Icon name="x" />
        <span class="vh">Remove {name}</span>
      </button>
    </li>
  );
}
