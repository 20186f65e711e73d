import type { DocumentFault } from '../hub/rest';
import { childPointer } from './schema';

/** A place in a text where it is not JSON. */
export interface JsonProblem {
  offset: number;
  line: number;
  column: number;
  message: string;
}

export interface JsonText {
  /** The value; undefined if there is a problem. */
  value: unknown;
  problem: JsonProblem | null;
  /** Offset of each value, for a member that of its name, by JSON Pointer. */
  places: Map<string, number>;
}

const DEEPEST = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** Parses JSON. Says where it is wrong, in the same words in every browser, and where each value is. */
export function readJson(text: string): JsonText {
  const reader = new JsonReader(text);
  try {
    return { value: reader.document(), problem: null, places: reader.places };
  } catch (fault) {
    if (!(fault instanceof Misplaced)) {
      throw fault;
    }
    const { offset, message } = fault;
    return {
      value: undefined,
      problem: { offset, message, ...positionOf(text, offset) },
      places: reader.places,
    };
  }
}

/** A problem with its position. */
export function problemText({ line, column, message }: JsonProblem): string {
  return `Invalid JSON: line ${line}, column ${column}: ${message}`;
}

/** Everything that is wrong with a text: that it is not JSON, or faults of its values, at their places. */
export function problemsIn(json: JsonText, text: string, faults: readonly DocumentFault[]): JsonProblem[] {
  const found = faults.map(({ pointer, detail }) => {
    const offset = placeOf(json, pointer);
    return { offset, ...positionOf(text, offset), message: pointer ? `${pointer} ${detail}` : detail };
  });
  return json.problem
    ? [{ ...json.problem, message: `Invalid JSON: ${json.problem.message}` }]
    : found.sort((a, b) => a.offset - b.offset);
}

/** Line and column of an offset, from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

/** Offset of the value at a pointer, or of the nearest value that contains it. */
export function placeOf({ places }: JsonText, pointer: string): number {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at);
    if (place !== undefined) {
      return place;
    }
  }
  return places.get('') ?? 0;
}

class Misplaced extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

class JsonReader {
  readonly places = new Map<string, number>();
  private at = 0;

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value('', 0);
    this.skipSpace();
    if (this.at < this.text.length) {
      throw this.expected('the end');
    }
    return value;
  }

  private value(pointer: string, depth: number): unknown {
    this.skipSpace();
    if (!this.places.has(pointer)) {
      this.places.set(pointer, this.at);
    }
    if (depth > DEEPEST) {
      throw this.expected(`at most ${DEEPEST} levels`);
    }
    switch (this.text[this.at]) {
      case '{':
        return this.object(pointer, depth);
      case '[':
        return this.array(pointer, depth);
      case '"':
        return this.string();
      default:
        return JSON.parse(this.matched(NUMBER) ?? this.matched(WORD) ?? this.noValue());
    }
  }

  private object(pointer: string, depth: number): object {
    const members: [string, unknown][] = [];
    this.at++;
    for (let isFirst = true; !this.took('}'); isFirst = false) {
      this.separator(isFirst, '}');
      const at = this.at;
      if (this.text[at] !== '"') {
        throw this.expected('a name in double quotes');
      }
      const name = this.string();
      const inner = childPointer(pointer, name);
      if (this.places.has(inner)) {
        throw new Misplaced(at, `duplicate name ${JSON.stringify(name)}`);
      }
      this.places.set(inner, at);
      if (!this.took(':')) {
        throw this.expected('a colon');
      }
      members.push([name, this.value(inner, depth + 1)]);
    }
    return Object.fromEntries(members);
  }

  private array(pointer: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.at++;
    while (!this.took(']')) {
      this.separator(items.length === 0, ']');
      items.push(this.value(childPointer(pointer, items.length), depth + 1));
    }
    return items;
  }

  private separator(isFirst: boolean, end: string): void {
    if (!isFirst && !this.took(',')) {
      throw this.expected(`a comma or ${end}`);
    }
    this.skipSpace();
  }

  private string(): string {
    const start = this.at++;
    while (this.at < this.text.length && this.text[this.at] !== '"' && this.text[this.at] !== '\n') {
      this.at += this.text[this.at] === '\\' ? 2 : 1;
    }
    if (this.text[this.at] !== '"') {
      throw new Misplaced(start, 'the string has no closing quote');
    }
    this.at++;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      throw new Misplaced(start, 'the string has a control character or an unknown escape');
    }
  }

  private matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private took(sign: string): boolean {
    this.skipSpace();
    const found = this.text[this.at] === sign;
    this.at += found ? 1 : 0;
    return found;
  }

  private skipSpace(): void {
    while (' \n\r\t'.includes(this.text[this.at] ?? '.')) {
      this.at++;
    }
  }

  private noValue(): never {
    throw this.expected('a value');
  }

  private expected(what: string): Misplaced {
    const found = this.text[this.at];
    return new Misplaced(
      this.at,
      `expected ${what}, found ${found === undefined ? 'the end' : `“${found}”`}`,
    );
  }
}
