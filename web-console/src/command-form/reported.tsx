import { useEffect, useState } from 'preact/hooks';
import { hubNow, live } from '../app/app-state';
import { age, reading } from '../app/formats';
import type { DeviceFeed } from '../device/device-feed';
import { useFrames } from '../device/use-frames';
import type { Definition, KnownCommand } from '../device-types/definition';
import { type Field, fieldOf, valueAt } from '../device-types/schema';
import { withUnit } from '../device-types/units';
import type { Twin, Value } from '../hub/api-types';
import { part, request } from '../hub/rest';
import { same } from '../twin/merge-patch';

/** Places that a form watches: metrics, and pointers into the twin such as `/reported/level`. */
export class Places {
  constructor(
    private readonly feed: DeviceFeed,
    private readonly definition: Definition,
    private readonly twin: Twin | null,
  ) {}

  value(place: string): unknown {
    if (isInTwin(place)) {
      const [, side, rest] = /^\/(desired|reported)(\/.*)$/.exec(place) ?? [];
      return side ? valueAt(this.twin?.[side as 'desired' | 'reported'].state, rest as string) : undefined;
    }
    return this.feed.channels.get(place)?.latest.value;
  }

  /** Age of the value in ms; undefined for the twin, which holds until it changes. */
  age(place: string): number | undefined {
    const ts = this.feed.channels.get(place)?.latest.ts;
    return ts === undefined ? undefined : hubNow() - ts;
  }

  text(place: string, value: unknown, field: Field): string {
    if (!isInTwin(place)) {
      return this.definition.textWithUnit(place, value as Value, this.feed.channels.get(place)?.unit);
    }
    const choice = field.kind === 'choice' && field.choices.find((one) => same(one.value, value));
    return choice ? choice.label : withUnit(reading(value), field.kind === 'number' ? field.unit : '');
  }
}

export function isInTwin(place: string): boolean {
  return place.startsWith('/');
}

/** The place that reports each parameter: declared one by one, or for the only parameter. */
export function placeOfParam(command: KnownCommand, name: string): string | undefined {
  const { reportedBy } = command;
  if (typeof reportedBy !== 'string') {
    return reportedBy?.[name] ?? reportedBy?.[''];
  }
  const field = fieldOf(command.params);
  const names = field.kind === 'group' ? field.properties.map((one) => one.name) : [];
  return names.length === 1 || names[0] === name ? reportedBy : undefined;
}

/** The twin of a device while it is needed; null until it is known. */
export function useTwin(id: string, isNeeded: boolean): Twin | null {
  const [twin, setTwin] = useState<Twin | null>(null);
  useEffect(() => {
    if (!isNeeded) {
      return;
    }
    const closing = new AbortController();
    const path = `/devices/${part(id)}/twin`;
    const following = live.follow(
      { topics: ['twin'], devices: [id] },
      {
        // Without an answer the form does without; the next change tells the state.
        readState: () => void request<Twin>(path, { signal: closing.signal }).then(setTwin, () => {}),
        event: (event) => event.type === 'twin' && setTwin(event.twin),
      },
    );
    return () => {
      closing.abort();
      following.close();
    };
  }, [id, isNeeded]);
  return twin;
}

interface ReportedProps {
  id: string;
  places: Places;
  place: string;
  field: Field;
  /** The value that would be sent, if it is one. */
  wanted: unknown;
}

/** The present value of what a parameter sets, and how far the new one is from it. */
export function Reported({ id, places, place, field, wanted }: ReportedProps) {
  const [, redraw] = useState(0);
  useFrames(1_000, () => redraw((n) => n + 1));
  const value = places.value(place);
  const elapsed = places.age(place);
  return (
    <p class="hint num" id={id}>
      {value === undefined || value === null
        ? 'Not reported yet'
        : `Currently reported: ${places.text(place, value, field)}`}
      {value !== undefined && elapsed !== undefined && elapsed > 10_000 && `, ${age(elapsed)} ago`}
      {differenceText(places, place, field, value, wanted)}
    </p>
  );
}

function differenceText(
  places: Places,
  place: string,
  field: Field,
  value: unknown,
  wanted: unknown,
): string {
  if (typeof value !== 'number' || typeof wanted !== 'number' || value === wanted) {
    return '';
  }
  const size = places.text(place, Math.abs(wanted - value), field);
  return `; the new value is ${size} ${wanted > value ? 'higher' : 'lower'}`;
}
