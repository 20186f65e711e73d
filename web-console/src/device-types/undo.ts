import type { Command, Value } from '../hub/api-types';
import { isObject } from '../twin/merge-patch';
import type { Definition } from './definition';
import type { Schema } from './schema';

/** A command that takes another one back. */
export interface Undo {
  name: string;
  params: unknown;
  /** What the button says: "Undo, back to 1,420 rpm". */
  text: string;
}

/** What a place held before a command; undefined if it is not known. */
export type Before = (place: string) => unknown;

class UnknownBefore extends Error {}

/** The command that undoes another; null if none is declared, or a value that it needs is not known. */
export function undoOf({ name }: Pick<Command, 'name'>, definition: Definition, before: Before): Undo | null {
  const undo = definition.command(name)?.undo;
  if (!undo) {
    return null;
  }
  const places: [string, unknown][] = [];
  const known: Before = (place) => {
    const value = before(place);
    if (value === undefined) {
      throw new UnknownBefore();
    }
    places.push([place, value]);
    return value;
  };
  try {
    const params = filledIn(undo.params ?? {}, known);
    return { name: undo.name, params, text: undoText(undo.name, definition, places) };
  } catch (fault) {
    if (fault instanceof UnknownBefore) {
      return null;
    }
    throw fault;
  }
}

/** The places of which a command's undo needs to know the values. */
export function placesBefore(name: string, definition: Definition): string[] {
  const places: string[] = [];
  filledIn(definition.command(name)?.undo?.params ?? {}, (place) => places.push(place));
  return places;
}

/** Parameters with the values of their places. */
function filledIn(params: unknown, before: Before): unknown {
  if (Array.isArray(params)) {
    return params.map((item) => filledIn(item, before));
  }
  if (!isObject(params)) {
    return params;
  }
  const { $before: place } = params;
  return typeof place === 'string'
    ? before(place)
    : Object.fromEntries(Object.entries(params).map(([name, value]) => [name, filledIn(value, before)]));
}

function undoText(name: string, definition: Definition, places: [string, unknown][]): string {
  const [only, other] = places;
  const command = definition.command(name);
  if (!only || other) {
    return `Undo with ${command?.title ?? name}`;
  }
  const [place, value] = only;
  return `Undo, back to ${definition.textWithUnit(place, value as Value, onlyUnit(command?.params))}`;
}

/** The unit of the only parameter of a command. */
function onlyUnit(params: Schema | undefined): string | undefined {
  const properties = isObject(params) && isObject(params.properties) ? Object.values(params.properties) : [];
  const [only] = properties;
  return properties.length === 1 && isObject(only) && typeof only.unit === 'string' ? only.unit : undefined;
}
