import type { DocumentFault } from '../hub/rest';
import { same } from '../twin/merge-patch';
import { problemText, readJson } from './json-text';
import {
  childPointer,
  type Field,
  type ListField,
  type NumberField,
  type Property,
  type TextField,
} from './schema';
import { withUnit } from './units';

/** What is typed into a form: text of inputs, index of a choice, drafts of a group or a list. */
export type Draft = string | Draft[] | { [name: string]: Draft };

/** The draft that shows a value; without one the default of the schema. */
export function draftOf(field: Field, value: unknown = field.initial): Draft {
  switch (field.kind) {
    case 'number':
      return typeof value === 'number' ? String(value) : '';
    case 'text':
      return typeof value === 'string' ? value : '';
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : '';
    case 'choice': {
      const place = field.choices.findIndex((choice) => same(choice.value, value));
      return place < 0 ? '' : String(place);
    }
    case 'group': {
      const known = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
      return Object.fromEntries(
        field.properties.map(({ name, field: of }) => [name, draftOf(of, known[name])]),
      );
    }
    case 'list': {
      const known = Array.isArray(value)
        ? value
        : Array.from<undefined>({ length: Math.min(field.fewest, 20) });
      return known.map((item) => draftOf(field.item, item));
    }
    case 'json':
      return value === undefined ? '' : JSON.stringify(value, null, 2);
    case 'constant':
      return '';
  }
}

/**
 * The value that a draft stands for; undefined if it is left out. Adds the faults that can be told
 * before sending: the hub decides.
 */
export function valueFrom(
  field: Field,
  draft: Draft | undefined,
  isRequired: boolean,
  errors: DocumentFault[],
  pointer = '',
): unknown {
  const wrong = (detail: string) => errors.push({ pointer, detail });
  if (field.kind === 'group') {
    return groupValue(field.properties, draft, isRequired, errors, pointer);
  }
  if (field.kind === 'list') {
    return listValue(field, draft, isRequired, errors, pointer);
  }
  if (field.kind === 'constant') {
    return isRequired ? field.value : undefined;
  }
  const text = typeof draft === 'string' ? draft : '';
  if (text === '' && field.kind === 'boolean') {
    return isRequired ? false : undefined;
  }
  // Empty means left out; whoever must send an empty text does it as JSON.
  if (text === '') {
    if (isRequired) {
      wrong('is missing');
    }
    return undefined;
  }
  switch (field.kind) {
    case 'number':
      return numberValue(field, text, wrong);
    case 'text':
      return textValue(field, text, wrong);
    case 'boolean':
      return text === 'true';
    case 'choice':
      return field.choices[Number(text)]?.value;
    case 'json': {
      const { value, problem } = readJson(text);
      if (problem) {
        wrong(problemText(problem));
      }
      return value;
    }
  }
}

function groupValue(
  properties: Property[],
  draft: Draft | undefined,
  isRequired: boolean,
  errors: DocumentFault[],
  pointer: string,
): unknown {
  const drafts = (typeof draft === 'object' && !Array.isArray(draft) ? draft : {}) as Record<string, Draft>;
  const inner: DocumentFault[] = [];
  const value: Record<string, unknown> = {};
  for (const { name, field, isRequired: needed } of properties) {
    const found = valueFrom(field, drafts[name], needed, inner, childPointer(pointer, name));
    if (found !== undefined) {
      value[name] = found;
    }
  }
  // An optional group that nobody has filled in is left out, whatever it requires.
  const isLeftOut = !isRequired && properties.every(({ field, name }) => isBlank(field, drafts[name]));
  if (isLeftOut) {
    return undefined;
  }
  errors.push(...inner);
  return value;
}

function isBlank(field: Field, draft: Draft | undefined): boolean {
  if (typeof draft !== 'object') {
    return !draft;
  }
  if (Array.isArray(draft)) {
    return draft.length === 0;
  }
  return field.kind !== 'group' || field.properties.every((one) => isBlank(one.field, draft[one.name]));
}

function listValue(
  { item, fewest, most }: ListField,
  draft: Draft | undefined,
  isRequired: boolean,
  errors: DocumentFault[],
  pointer: string,
): unknown {
  const drafts = Array.isArray(draft) ? draft : [];
  if (drafts.length === 0 && !isRequired) {
    return undefined;
  }
  if (drafts.length < fewest) {
    errors.push({ pointer, detail: `must have at least ${fewest} values` });
  } else if (most !== undefined && drafts.length > most) {
    errors.push({ pointer, detail: `must have at most ${most} values` });
  }
  return drafts.map((one, place) => valueFrom(item, one, true, errors, childPointer(pointer, place)));
}

function numberValue(field: NumberField, text: string, wrong: (detail: string) => void): number | undefined {
  const value = Number(text);
  const { min, max, unit } = field;
  if (text.trim() === '' || !Number.isFinite(value)) {
    wrong('must be a number');
    return undefined;
  }
  if (field.isWhole && !Number.isInteger(value)) {
    wrong('must be a whole number');
  } else if (min !== undefined && (value < min || (field.isMinOpen && value === min))) {
    wrong(`must be ${field.isMinOpen ? 'more than' : 'at least'} ${withUnit(String(min), unit)}`);
  } else if (max !== undefined && (value > max || (field.isMaxOpen && value === max))) {
    wrong(`must be ${field.isMaxOpen ? 'less than' : 'at most'} ${withUnit(String(max), unit)}`);
  }
  return value;
}

function textValue({ shortest, longest }: TextField, text: string, wrong: (detail: string) => void): string {
  const { length } = [...text];
  if (length < shortest) {
    wrong(`must have at least ${shortest} characters`);
  } else if (longest !== undefined && length > longest) {
    wrong(`must have at most ${longest} characters`);
  }
  return text;
}
