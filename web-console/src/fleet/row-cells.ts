import { hubNow, isLost, knownAt } from '../app/app-state';
import { age, atDayAndTime } from '../app/formats';
import { misfitText } from '../chart/misfits';
import { causeText, contactAt, contactText, flappingText, hasPlan } from '../components/presence';
import { FLAPPING, GLYPHS, PRESENCE, type Tone } from '../components/status';
import type { Definition } from '../device-types/definition';
import { listedDefinitionOf } from '../device-types/definitions';
import type { RowStore } from '../feed/row-store';
import type { Device, Presence } from '../hub/api-types';

const LATE: { word: string; tone: Tone } = { word: 'Late', tone: 'stale' };
const TRAIL_WIDTH = 76;
const TRAIL_HEIGHT = 20;

/** Live cells of one row, written to the DOM directly and only when changed. */
export class RowCells {
  private readonly glyph: Element;
  private readonly word: Text;
  private readonly status: Element;
  private readonly metric: Element;
  private readonly value: Element;
  private readonly unit: Element;
  private readonly reading: Element;
  private readonly misfit: Element;
  private readonly trail: Element;
  private readonly age: Element;
  private readonly via: Element;
  private readonly address: Element;

  constructor(row: HTMLElement) {
    const cell = (name: string): Element => row.querySelector(`[data-cell=${name}]`) as Element;
    this.status = cell('status');
    this.glyph = cell('glyph');
    this.word = cell('word').appendChild(document.createTextNode(''));
    this.metric = cell('metric');
    this.value = cell('value');
    this.unit = cell('unit');
    this.reading = cell('reading');
    this.misfit = cell('misfit');
    this.trail = cell('trail');
    this.age = cell('age');
    this.via = cell('via');
    this.address = cell('address');
  }

  paint(rows: RowStore, slot: number): void {
    const device = rows.devices[slot];
    if (!device) {
      return;
    }
    const definition = listedDefinitionOf(device);
    const late = this.paintStatus(rows, slot, definition);
    const metric = rows.metricAt(slot);
    const value = rows.valueAt(slot);
    write(this.metric, metric && definition.label(metric));
    write(this.value, definition.text(metric, value));
    const unit = device.latest?.[metric]?.unit;
    write(this.unit, definition.isNamed(metric, value) ? '' : definition.unit(metric, unit));
    const misfit = rows.misfitAt(slot);
    const doubt = misfit === undefined ? '' : misfitText(misfit);
    const shown = late ? 'val old' : 'val';
    mark(this.reading, value === null ? 'mute' : doubt ? `${shown} misfit` : shown);
    put(this.reading, 'title', doubt);
    write(this.misfit, doubt);
    put(this.trail, 'd', trailPath(rows.trailAt(slot)));
    const elapsed = hubNow() - rows.tsAt(slot);
    write(this.age, age(elapsed));
    mark(this.age, late && Number.isFinite(elapsed) ? 'age late r' : 'age r');
    write(this.via, transportText(device.presence.transport));
    write(this.address, linkText(device.presence, hubNow()));
    put(this.address, 'title', contactTitle(device.presence, hubNow()));
  }

  /** Whether the row's values are not live. */
  private paintStatus(rows: RowStore, slot: number, definition: Definition): boolean {
    const state = rows.stateAt(slot);
    const lateAfter = definition.lateAfterMs(rows.metricAt(slot));
    const late = state === 'online' && rows.isLateAt(slot, knownAt(), lateAfter);
    const presence = (rows.devices[slot] as Device).presence;
    const { word, tone } = late && !presence.flapping ? LATE : statusOf(presence);
    const shownText = isLost.value ? `Was ${word.toLowerCase()}` : word;
    put(this.status, 'title', presenceTitle(presence));
    if (this.word.data !== shownText) {
      this.word.data = shownText;
    }
    mark(this.status, `st ${isLost.value && tone === 'ok' ? 'off' : tone}`);
    const { d, hollow, dash } = GLYPHS[tone];
    put(this.glyph, 'd', d);
    put(this.glyph, 'fill', hollow ? 'none' : 'currentColor');
    put(this.glyph, 'stroke', hollow ? 'currentColor' : 'none');
    put(this.glyph, 'stroke-dasharray', dash ?? 'none');
    return isLost.value || late || state === 'overdue' || state === 'offline';
  }
}

/** Presence, or the flapping state. */
export function statusOf({ state, flapping }: Presence): { word: string; tone: Tone } {
  const { word, tone } = PRESENCE[state];
  return flapping ? { word: `${word}, ${flapping.kind}`, tone: FLAPPING[flapping.kind] } : { word, tone };
}

function presenceTitle(presence: Presence): string {
  const isCommon = presence.state === 'online' || presence.state === 'asleep';
  const cause = isCommon ? '' : causeText(presence.cause);
  const stands = `${PRESENCE[presence.state].word} since ${atDayAndTime(presence.since)}`;
  const flapping = presence.flapping ? `. ${flappingText(presence.flapping).text}` : '';
  return `${stands}${cause && `: ${cause}`}${flapping}`;
}

export function transportText(transport: string | undefined): string {
  const names: Record<string, string> = { websocket: 'WS', mqtt: 'MQTT', http: 'HTTP', poll: 'Poll' };
  return transport ? (names[transport] ?? transport) : '';
}

/** Address of the connection; of a polling device its next contact. */
export function linkText(presence: Presence, now: number): string {
  return hasPlan(presence) ? contactText(presence, now) : (presence.address ?? '');
}

function contactTitle(presence: Presence, now: number): string {
  const { address } = presence;
  return hasPlan(presence)
    ? `${presence.state === 'overdue' ? 'Contact was due' : 'Next contact'} at ${contactAt(presence, now)}${address ? `, last from ${address}` : ''}`
    : '';
}

function trailPath(values: Float32Array): string {
  if (values.length < 2) {
    return '';
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low || 1;
  const step = TRAIL_WIDTH / (values.length - 1);
  let path = '';
  values.forEach((value, i) => {
    const y =
      high === low ? TRAIL_HEIGHT / 2 : TRAIL_HEIGHT - 3 - ((value - low) / span) * (TRAIL_HEIGHT - 6);
    path += `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  return path;
}

function write(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function mark(element: Element, classes: string): void {
  put(element, 'class', classes);
}

function put(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}
