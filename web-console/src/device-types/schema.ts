import { humanName } from '../app/formats';
import { unitText } from './units';

/** A schema of JSON Schema 2020-12, with `unit`, `step` and `values` (labels) as annotations. */
export type Schema = boolean | { [keyword: string]: unknown };
type Keywords = { [keyword: string]: unknown };

interface Common {
  label: string;
  description: string;
  /** Value of `default`; undefined if none. */
  initial: unknown;
}

export interface Choice {
  value: unknown;
  label: string;
}

export interface NumberField extends Common {
  kind: 'number';
  unit: string;
  isWhole: boolean;
  min: number | undefined;
  max: number | undefined;
  /** Whether a bound itself is excluded. */
  isMinOpen: boolean;
  isMaxOpen: boolean;
  step: number | undefined;
}

export interface TextField extends Common {
  kind: 'text';
  shortest: number;
  longest: number | undefined;
  /** Type of the input element. */
  input: 'text' | 'date' | 'time' | 'email' | 'url';
}

export interface Property {
  name: string;
  field: Field;
  isRequired: boolean;
}

export interface ListField extends Common {
  kind: 'list';
  item: Field;
  fewest: number;
  most: number | undefined;
}

/** What a form can ask for. Everything beyond is `json`. */
export type Field =
  | NumberField
  | TextField
  | ListField
  | (Common & { kind: 'choice'; choices: Choice[] })
  | (Common & { kind: 'boolean' })
  | (Common & { kind: 'constant'; value: unknown })
  | (Common & { kind: 'group'; properties: Property[] })
  | (Common & { kind: 'json' });

/** Levels of nested fields; deeper values are edited as JSON. */
const DEEPEST = 5;
const MOST_CHOICES = 500;
/** Keywords whose meaning a form cannot show. */
const BEYOND = [
  'anyOf',
  'not',
  'if',
  'then',
  'else',
  'patternProperties',
  'dependentSchemas',
  'prefixItems',
  'contains',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const INPUTS: Record<string, TextField['input']> = {
  date: 'date',
  time: 'time',
  email: 'email',
  uri: 'url',
};

/** The field that edits the values of a schema. */
export function fieldOf(schema: Schema | undefined, name = '', root = schema, depth = 0): Field {
  const found = resolved(schema, root);
  if (!found) {
    return { kind: 'json', label: humanName(name), description: '', initial: undefined };
  }
  const common: Common = {
    label: textOf(found.title) || humanName(name),
    description: textOf(found.description),
    initial: found.default,
  };
  const choices = choicesOf(found, root);
  if (choices) {
    return { kind: 'choice', choices, ...common };
  }
  if ('const' in found) {
    return { kind: 'constant', value: found.const, ...common };
  }
  return shaped(found, common, root, depth) ?? { kind: 'json', ...common };
}

/** The field of a value inside of those of a schema; null if there is none. */
export function fieldAt(schema: Schema | undefined, path: readonly string[]): Field | null {
  let found: Field | null = schema === undefined ? null : fieldOf(schema);
  for (const name of path) {
    found =
      found?.kind === 'group' ? (found.properties.find((one) => one.name === name)?.field ?? null) : null;
  }
  return found;
}

/** The field of a command's parameters; without a schema a form asks for none. */
export function paramsField(schema: Schema | undefined): Field {
  const isAny = schema === undefined || schema === true || Object.keys(schema).length === 0;
  return fieldOf(isAny ? { type: 'object' } : schema);
}

function shaped(found: Keywords, common: Common, root: Schema | undefined, depth: number): Field | null {
  if (depth > DEEPEST || BEYOND.some((keyword) => keyword in found)) {
    return null;
  }
  switch (typeOf(found)) {
    case 'number':
    case 'integer':
      return { kind: 'number', ...common, ...numberOf(found) };
    case 'boolean':
      return { kind: 'boolean', ...common };
    case 'string':
      return { kind: 'text', ...common, ...stringOf(found) };
    case 'object':
      return groupOf(found, common, root, depth);
    case 'array':
      return {
        kind: 'list',
        ...common,
        item: fieldOf(found.items as Schema | undefined, 'value', root, depth + 1),
        fewest: numeric(found.minItems) ?? 0,
        most: numeric(found.maxItems),
      };
    default:
      return null;
  }
}

/** The type of the values; of an optional value that may be null the other type. */
function typeOf({ type, properties }: Keywords): unknown {
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : [type];
  return types.length === 1 ? (types[0] ?? (properties ? 'object' : undefined)) : undefined;
}

/** A schema without its references into `$defs`; null if it cannot be shown as a field. */
function resolved(schema: Schema | undefined, root: Schema | undefined): Keywords | null {
  let found: unknown = schema;
  let siblings: Keywords = {};
  for (let steps = 0; steps < 16; steps++) {
    if (!isKeywords(found)) {
      return null;
    }
    const { $ref, allOf, ...rest } = found;
    siblings = { ...rest, ...siblings };
    if (typeof $ref === 'string') {
      found = $ref.startsWith('#') ? valueAt(root, decodeURIComponent($ref.slice(1))) : null;
    } else if (Array.isArray(allOf)) {
      // A single one is the usual way to add a title to a reference.
      if (allOf.length !== 1) {
        return null;
      }
      found = allOf[0];
    } else {
      return siblings;
    }
  }
  return null;
}

function choicesOf(found: Keywords, root: Schema | undefined): Choice[] | null {
  const labels = [found.values, found.labels, found['x-labels']].find(isKeywords) ?? {};
  const choice = (value: unknown, title?: unknown): Choice => ({
    value,
    label: textOf(title) || textOf(labels[String(value)]) || plain(value),
  });
  if (Array.isArray(found.enum)) {
    return found.enum.length <= MOST_CHOICES ? found.enum.map((value) => choice(value)) : null;
  }
  const options = Array.isArray(found.oneOf) ? found.oneOf.map((one) => resolved(one as Schema, root)) : [];
  const isList = options.length > 0 && options.every((one) => one && 'const' in one);
  return isList ? options.map((one) => choice(one?.const, one?.title)) : null;
}

function numberOf(found: Keywords) {
  const above = numeric(found.exclusiveMinimum);
  const below = numeric(found.exclusiveMaximum);
  const isWhole = found.type === 'integer';
  return {
    unit: unitText(textOf(found.unit) || textOf(found['x-unit'])),
    isWhole,
    min: numeric(found.minimum) ?? above,
    max: numeric(found.maximum) ?? below,
    isMinOpen: found.minimum === undefined && above !== undefined,
    isMaxOpen: found.maximum === undefined && below !== undefined,
    step:
      [found.step, found['x-step'], found.multipleOf].map(numeric).find(Boolean) ?? (isWhole ? 1 : undefined),
  };
}

function stringOf(found: Keywords) {
  return {
    shortest: numeric(found.minLength) ?? 0,
    longest: numeric(found.maxLength),
    input: INPUTS[textOf(found.format)] ?? 'text',
  };
}

/** An object of named properties; one that allows any name is edited as JSON. */
function groupOf(found: Keywords, common: Common, root: Schema | undefined, depth: number): Field | null {
  const isOpen = found.additionalProperties !== undefined && found.additionalProperties !== false;
  if (isOpen && (found.additionalProperties !== true || !found.properties)) {
    return null;
  }
  const required = Array.isArray(found.required) ? found.required : [];
  const named = Object.entries(isKeywords(found.properties) ? found.properties : {});
  const properties = named.map(([name, schema]) => ({
    name,
    field: fieldOf(schema as Schema, name, root, depth + 1),
    isRequired: required.includes(name),
  }));
  return required.every((name) => properties.some((one) => one.name === name))
    ? { kind: 'group', ...common, properties }
    : null;
}

/** The value at a JSON Pointer (RFC 6901). */
export function valueAt(document: unknown, pointer: string): unknown {
  return tokensOf(pointer).reduce<unknown>(
    (value, token) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, token)
        ? (value as Keywords)[token]
        : undefined,
    document,
  );
}

/** The reference tokens of a JSON Pointer. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer to a member or an item. */
export function childPointer(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isKeywords(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numeric(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
