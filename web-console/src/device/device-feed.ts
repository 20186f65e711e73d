import { signal } from '@preact/signals';
import { hubNow, isLost } from '../app/app-state';
import { Misfits } from '../chart/misfits';
import { Series } from '../chart/series';
import type { Span } from '../chart/span';
import { StateSpans } from '../chart/state-spans';
import { isDue } from '../components/presence';
import { definitions } from '../device-types/definitions';
import type { FeedClient } from '../feed/feed-client';
import { isNewest } from '../feed/newest';
import type { SubscriptionHandle } from '../feed/subscriptions';
import type { Device, History, Latest, LiveEvent, Presence, TelemetryEvent, Value } from '../hub/api-types';
import { RefreshableResource } from '../hub/resource';
import { ApiError, isAborted, part, request } from '../hub/rest';
import { DeviceCommands } from './device-commands';

/** Number of history buckets to request: about one per pixel of a chart. */
export const POINTS = 800;
/** A punctual contact of a polling device causes no event, so its plan must be fetched. */
const REPLAN_MS = 3_000;
/** Events do not have the reasons of misfits, so the newest values are fetched, at most once in this time. */
const REASONS_MS = 10_000;
/** Limit of stored points per channel; beyond it history is reloaded. */
const KEPT = 40_000;

export interface Channel {
  metric: string;
  /** Code of the unit that comes with the readings; empty if none. */
  unit: string;
  latest: Latest;
  /**  Numeric readings. */
  series: Series;
  /** States, for non-numeric readings. */
  states: StateSpans;
  /** Readings that do not fit the type. */
  misfits: Misfits;
}

type LatestByMetric = Record<string, Latest>;

/** Live model of one device: device, channels with history and live readings, commands. */
export class DeviceFeed {
  readonly device = signal<Device | null>(null);
  readonly fault = signal<unknown>(null);
  readonly gone = signal(false);
  readonly commands: DeviceCommands;
  /** Known metrics in order; changes when a metric is added. */
  readonly metrics = signal<string[]>([]);
  readonly historyFault = signal<unknown>(null);
  /** False until the first history is loaded: a partly drawn chart would look like a gap. */
  readonly historyRead = signal(false);
  readonly channels = new Map<string, Channel>();
  /** Called when readings arrive. */
  onReading = (): void => {};

  private readonly path: string;
  private readonly following: SubscriptionHandle;
  private span: Span | null = null;
  private shown: string[] = [];
  private reading: AbortController | null = null;
  /** Presence event received while loading: not older than the loaded state. */
  private newerPresence: Presence | null = null;
  private readonly closing = new AbortController();
  private readonly replan: ReturnType<typeof setInterval>;
  private readonly unfollowTypes: () => void;
  /** What decides which readings fit. */
  private rules: string | undefined;
  private readonly reasons = new RefreshableResource(async (signal) => {
    const latest = await this.readLatest(signal);
    this.putAll(latest);
    return latest;
  }, REASONS_MS);

  constructor(
    private readonly id: string,
    live: FeedClient,
  ) {
    this.path = `/devices/${part(id)}`;
    this.commands = new DeviceCommands(id, this.closing.signal);
    this.following = live.follow(
      { topics: ['telemetry', 'presence', 'commands'], devices: [id] },
      { readState: () => void this.readState(), event: (event) => this.take(event) },
    );
    this.replan = setInterval(() => void this.readPlan(), REPLAN_MS);
    this.unfollowTypes = definitions.version.subscribe(() => this.checkMisfits());
  }

  close(): void {
    this.following.close();
    clearInterval(this.replan);
    this.unfollowTypes();
    this.reading?.abort();
    this.reasons.close();
    this.closing.abort();
  }

  /** Loads the current state; events received meanwhile take precedence. */
  async readState(): Promise<void> {
    const { signal } = this.closing;
    this.newerPresence = null;
    try {
      const [device, latest] = await Promise.all([
        request<Device>(this.path, { signal }),
        this.readLatest(signal),
        this.commands.read(),
        definitions.describe(this.id),
      ]);
      await definitions.ready([device.type]);
      this.device.value = this.newerPresence ? { ...device, presence: this.newerPresence } : device;
      this.fault.value = null;
      this.gone.value = false;
      this.putAll(latest);
      await this.readHistory();
    } catch (fault) {
      if (fault instanceof ApiError && fault.status === 404) {
        this.gone.value = true;
      } else if (!isAborted(fault)) {
        this.fault.value = fault;
      }
    }
  }

  private async readLatest(signal: AbortSignal): Promise<LatestByMetric> {
    return (await request<{ metrics: LatestByMetric }>(`${this.path}/telemetry/latest`, { signal })).metrics;
  }

  private putAll(latest: LatestByMetric): void {
    for (const [metric, { ts, value, misfit, unit }] of Object.entries(latest)) {
      this.put(metric, ts, value, misfit, unit);
    }
  }

  private async readPlan(): Promise<void> {
    const presence = this.device.peek()?.presence;
    const isWatched = document.visibilityState === 'visible' && !isLost.peek();
    if (!presence || !isWatched || !isDue(presence, hubNow())) {
      return;
    }
    this.newerPresence = null;
    try {
      const { signal } = this.closing;
      const planned = await request<Presence>(`${this.path}/presence`, { signal });
      this.place(this.newerPresence ?? planned);
    } catch {
      // Retried soon; an outdated plan shows its age.
    }
  }

  /** Readings are judged by the type as it is now: with another one, other readings fit. */
  private checkMisfits(): void {
    const { strict = 'accept', type, typeVersion, described } = definitions.description(this.id) ?? {};
    const rules = JSON.stringify(strict === 'accept' ? strict : [type, typeVersion, described?.version]);
    const isFirst = this.rules === undefined || this.device.peek() === null;
    if (!isFirst && rules !== this.rules) {
      for (const { misfits } of this.channels.values()) {
        misfits.clear();
      }
      void this.readState();
    }
    this.rules = rules;
  }

  private place(presence: Presence): void {
    if (this.device.value) {
      this.device.value = { ...this.device.value, presence };
    }
  }

  /** Sets the visible span; loads and merges its history. */
  async show(span: Span, metrics: string[]): Promise<void> {
    this.span = span;
    this.shown = metrics;
    await this.readHistory();
  }

  private async readHistory(): Promise<void> {
    const span = this.span;
    if (!span || this.shown.length === 0) {
      return;
    }
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    try {
      await Promise.all(this.shown.map((metric) => this.readChannel(metric, span, reading.signal)));
      this.historyFault.value = null;
      this.historyRead.value = true;
    } catch (fault) {
      if (!isAborted(fault)) {
        this.historyFault.value = fault;
        this.historyRead.value = true;
      }
    }
    this.onReading();
  }

  private async readChannel(metric: string, span: Span, signal: AbortSignal): Promise<void> {
    const query = {
      metric,
      from: Math.floor(span.from),
      // A device's clock may be ahead of the hub's, so a moving span has no end.
      to: Math.ceil(span.to) + (span.moving ? 60_000 : 1),
      // Numbers are reduced to the extremes of each bucket, other values to states.
      points: POINTS,
    };
    const answer = await request<History | History[]>(`${this.path}/telemetry`, { query, signal });
    const history = Array.isArray(answer) ? answer[0] : answer;
    const channel = this.channels.get(metric);
    if (history && channel) {
      channel.unit = history.unit ?? channel.unit;
      for (const [ts, reason] of history.misfits ?? []) {
        channel.misfits.add(ts, reason);
      }
      if (history.aggregate === 'states') {
        channel.states.join(history.points as [number, Value, number][]);
      } else {
        channel.series.join(
          history.points.filter((point): point is [number, number] => typeof point[1] === 'number'),
        );
      }
    }
  }

  private take(event: LiveEvent): void {
    switch (event.type) {
      case 'telemetry':
        this.takeTelemetry(event);
        break;
      case 'presence':
        this.newerPresence = event.presence;
        this.place(event.presence);
        break;
      case 'command':
        this.commands.store(event.command);
        break;
      case 'twin':
      case 'device-type':
        break;
      case 'device':
        if (event.change === 'described') {
          definitions.descriptionChanged(event.device);
        } else {
          this.gone.value = event.change === 'deleted';
          void this.readState();
        }
        break;
    }
  }

  private takeTelemetry({ ts, values, misfits }: TelemetryEvent): void {
    for (const metric in values) {
      this.put(metric, ts, values[metric] as Value, misfits?.includes(metric) ? '' : undefined);
    }
    if (misfits) {
      this.reasons.refresh();
    }
    this.onReading();
  }

  /** @param misfit why the value does not fit the type, empty if that is not known; undefined if it fits */
  private put(metric: string, ts: number, value: Value, misfit?: string, unit = ''): void {
    let channel = this.channels.get(metric);
    if (!channel) {
      channel = {
        metric,
        unit,
        latest: { ts, value },
        series: new Series(),
        states: new StateSpans(),
        misfits: new Misfits(),
      };
      this.channels.set(metric, channel);
      this.metrics.value = [...this.channels.keys()].sort();
    }
    channel.unit ||= unit;
    if (isNewest(ts, channel.latest.ts, hubNow())) {
      channel.latest = { ts, value };
    }
    if (misfit === undefined) {
      channel.misfits.remove(ts);
    } else {
      channel.misfits.add(ts, misfit);
    }
    if (typeof value === 'number') {
      channel.series.add(ts, value);
      this.bound(channel);
    } else {
      channel.states.add(ts, value);
    }
  }

  /** Bounds the memory of the page; a paused chart may keep more. */
  private bound({ series }: Channel): void {
    if (series.length > (this.span?.moving ? KEPT : 4 * KEPT)) {
      series.forgetBefore((series.first + series.last) / 2);
      void this.readHistory();
    }
  }
}
