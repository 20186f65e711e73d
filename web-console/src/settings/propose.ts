import { humanName } from '../app/formats';
import type { CommandType, DeviceType, MetricType } from '../device-types/device-type';
import type { Command, Device, History, Latest, Value } from '../hub/api-types';
import { isObject } from '../twin/merge-patch';

/** What was seen of a device. */
export interface Seen {
  device: Device;
  latest: Record<string, Latest>;
  /** Raw readings. */
  history: readonly History[];
  commands: readonly Command[];
  /** What it says of itself, with units of its readings. */
  said?: Pick<DeviceType, 'metrics' | 'commands' | 'twin'>;
}

/** More different words than this are text, not an enumeration. */
const MOST_WORDS = 12;
const LONGEST_WORD = 32;
const MOST_DECIMALS = 3;
/** Intervals, in seconds, to which a measured one is rounded. */
const INTERVALS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400,
];
const FEWEST_INTERVALS = 4;

/**
 * Proposes a device type from what a device says of itself, and for the rest from what it has sent
 * and executed. Units that nobody told are left out.
 */
export function proposedType({ latest, history, commands, said = {} }: Omit<Seen, 'device'>): DeviceType {
  const described = Object.entries(said.metrics ?? {}).filter(
    ([, { unit: _, ...more }]) => Object.keys(more).length > 0,
  );
  const names = Object.keys(latest)
    .filter((name) => !described.some(([known]) => known === name))
    .sort();
  const metrics = names.map((name) => {
    const series = history.find((one) => one.metric === name);
    const points = (series?.points ?? []).map(([ts, value]) => ({ ts, value }));
    const now = latest[name] as Latest;
    const readings = points.length > 0 ? points : [now];
    const unit = said.metrics?.[name]?.unit ?? now.unit ?? series?.unit;
    return [name, metricOf(name, readings, unit)] as const;
  });
  const numbersFirst = metrics.sort(
    ([, a], [, b]) => Number(a.kind !== 'number') - Number(b.kind !== 'number'),
  );
  const known = { ...commandsOf(commands), ...said.commands };
  return {
    metrics: Object.fromEntries([...described, ...numbersFirst]),
    ...(Object.keys(known).length > 0 ? { commands: known } : {}),
    ...(said.twin ? { twin: said.twin } : {}),
  };
}

function metricOf(
  name: string,
  readings: readonly { ts: number; value: Value }[],
  unit?: string,
): MetricType {
  const values = readings.map((reading) => reading.value);
  const label = humanName(name);
  if (values.every((value) => typeof value === 'number')) {
    const interval = usualInterval(readings.map((reading) => reading.ts));
    return {
      label,
      ...(unit ? { unit } : {}),
      kind: 'number',
      decimals: Math.max(...values.map(decimalsOf)),
      ...rangeOf(values),
      ...(interval ? { interval } : {}),
    };
  }
  if (values.every((value) => typeof value === 'boolean')) {
    return { label, kind: 'boolean' };
  }
  const words = [...new Set(values)];
  const isEnumeration =
    words.length <= MOST_WORDS && words.every((word) => typeof word === 'string' && isWord(word));
  if (isEnumeration) {
    const labels = words.map((word) => [String(word), humanName(String(word))]).sort();
    return { label, kind: 'enum', values: Object.fromEntries(labels) };
  }
  return { label, kind: values.every((value) => typeof value === 'string') ? 'text' : 'object' };
}

function isWord(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST_WORD && !/^[\d.,:T-]+Z?$/.test(text);
}

function decimalsOf(value: number): number {
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals++) {
    if (Number(value.toFixed(decimals)) === value) {
      return decimals;
    }
  }
  return MOST_DECIMALS;
}

/** Round bounds with room around what was seen, on the same side of zero. */
function rangeOf(values: readonly number[]): { min?: number; max?: number } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > low) || !Number.isFinite(high - low)) {
    return {};
  }
  const step = 10 ** Math.floor(Math.log10(high - low));
  const down = exact(Math.floor((low - step) / step) * step);
  const up = exact(Math.ceil((high + step) / step) * step);
  return { min: low >= 0 ? Math.max(0, down) : down, max: high <= 0 ? Math.min(0, up) : up };
}

/** Without the error of binary fractions. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** The usual interval in seconds, rounded up; undefined if readings come as they like. */
function usualInterval(times: readonly number[]): number | undefined {
  const gaps = times
    .slice(1)
    .map((ts, i) => (ts - (times[i] as number)) / 1_000)
    .sort((a, b) => a - b);
  const middle = gaps[gaps.length >> 1] ?? 0;
  const long = gaps[Math.floor(gaps.length * 0.9)] ?? 0;
  const isRegular = gaps.length >= FEWEST_INTERVALS && middle > 0 && long <= 2 * middle;
  return isRegular ? INTERVALS.find((interval) => interval >= middle * 0.95) : undefined;
}

/** Commands that the device has executed, with the kinds of their parameters. */
function commandsOf(commands: readonly Command[]): Record<string, CommandType> {
  const found: Record<string, CommandType> = {};
  for (const { name, params, state } of commands) {
    if (state === 'succeeded' && !Object.hasOwn(found, name)) {
      found[name] = {
        label: humanName(name),
        ...(isObject(params) && Object.keys(params).length > 0 ? { params: schemaOf(params) } : {}),
      };
    }
  }
  return found;
}

function schemaOf(value: unknown): { [keyword: string]: unknown } {
  if (Array.isArray(value)) {
    return { type: 'array', ...(value.length > 0 ? { items: schemaOf(value[0]) } : {}) };
  }
  if (isObject(value)) {
    const properties = Object.entries(value).map(([name, one]) => [
      name,
      { title: humanName(name), ...schemaOf(one) },
    ]);
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  return value === null ? {} : { type: typeof value };
}
