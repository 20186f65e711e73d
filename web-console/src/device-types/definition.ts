import { figure, fixed, humanName, reading } from '../app/formats';
import type { Value } from '../hub/api-types';
import type { CommandType, DeviceType, MetricType } from './device-type';
import { unitText, withUnit } from './units';

/** Quantities that tell the most about a device that nobody has described, in order. */
const TELLING = ['temperature', 'level', 'power', 'flow', 'pressure', 'speed', 'humidity'];
/** A reading is late when its interval has passed, with a margin for jitter of clocks and networks. */
const MARGIN = 1.2;
const MARGIN_AT_LEAST_MS = 1_000;

export interface KnownCommand extends CommandType {
  name: string;
  /** Label, or the name as it is. */
  title: string;
}

/**
 * What is known about a device, or about the devices of a type: labels, units, formats and commands.
 * Where nothing is known everything is a guess from names and values.
 */
export class Definition {
  readonly commands: KnownCommand[];
  private readonly metrics: Map<string, MetricType>;
  private readonly ranks: Map<string, number>;

  constructor(readonly type: DeviceType | null) {
    const metrics = Object.entries(type?.metrics ?? {});
    this.metrics = new Map(metrics);
    this.ranks = new Map(
      (metrics.length > 0 ? metrics.map(([name]) => name) : TELLING).map((name, place) => [name, place]),
    );
    this.commands = Object.entries(type?.commands ?? {}).map(([name, command]) => ({
      ...command,
      name,
      title: command.label ?? name,
    }));
  }

  metric(metric: string): MetricType | undefined {
    return this.metrics.get(metric);
  }

  command(name: string): KnownCommand | undefined {
    return this.commands.find((one) => one.name === name);
  }

  label(metric: string): string {
    return this.metrics.get(metric)?.label ?? humanName(metric);
  }

  /** The unit as people write it. Of the type, else of the readings. */
  unit(metric: string, code?: string): string {
    return unitText(this.metrics.get(metric)?.unit ?? code);
  }

  /** Whether the values have names or are words, so that a unit does not fit. */
  isNamed(metric: string, value: Value | undefined): boolean {
    return typeof value !== 'number' || this.valueLabel(metric, value) !== undefined;
  }

  /** A value: with the label of the enumeration, or the decimals of the metric. */
  text(metric: string, value: Value | undefined): string {
    const label = this.valueLabel(metric, value);
    return label ?? (typeof value === 'number' ? this.figure(metric, value) : reading(value));
  }

  private valueLabel(metric: string, value: Value | undefined): string | undefined {
    const labels = this.metrics.get(metric)?.values;
    const key = String(value);
    return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
  }

  /** A number with the decimals of the metric. */
  figure(metric: string, value: number, like = value): string {
    const decimals = this.metrics.get(metric)?.decimals;
    return decimals === undefined ? figure(value, like) : fixed(value, decimals);
  }

  /** A value with its unit, as one text. */
  textWithUnit(metric: string, value: Value | undefined, code?: string): string {
    const unit = this.isNamed(metric, value) ? '' : this.unit(metric, code);
    return withUnit(this.text(metric, value), unit);
  }

  /** Place of a metric among those shown first: the order of the type. */
  rank(metric: string): number {
    return this.ranks.get(metric) ?? this.ranks.size;
  }

  /** Age after which a reading is late; undefined if the type does not say. */
  lateAfterMs(metric: string): number | undefined {
    const interval = this.metrics.get(metric)?.interval;
    return interval && Math.max(interval * 1_000 * MARGIN, interval * 1_000 + MARGIN_AT_LEAST_MS);
  }

  /** Whether a number is outside of the usual range. */
  isUnusual(metric: string, value: Value | undefined): boolean {
    const { usualMin, usualMax } = this.metrics.get(metric) ?? {};
    return typeof value === 'number' && (value < (usualMin ?? value) || value > (usualMax ?? value));
  }
}

/** Of a device without a type, or of a type that is not defined. */
export const UNKNOWN = new Definition(null);
