import type { Json, Value } from '../hub/api-types';

/** JSON merge patch (RFC 7396): a value replaces a key, null removes it, other keys stay. */

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Applies a patch to a document. */
export function patched(document: Json, patch: Json): Json {
  const after = { ...document };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      delete after[name];
    } else {
      const before = after[name];
      after[name] = isObject(value) ? patched(isObject(before) ? before : {}, value) : (value as Value);
    }
  }
  return after;
}

/** Computes the minimal patch from one document to another. */
export function patchBetween(before: Json, after: Json): Json {
  const patch: Json = {};
  for (const name of Object.keys(before)) {
    if (!(name in after)) {
      patch[name] = null;
    }
  }
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (isObject(value) && isObject(old)) {
      const inner = patchBetween(old, value);
      if (Object.keys(inner).length > 0) {
        patch[name] = inner;
      }
    } else if (!same(old, value)) {
      patch[name] = value;
    }
  }
  return patch;
}

/** Path of a null value, which a merge patch cannot set; undefined if none. */
export function nullIn(document: Json, path = ''): string | undefined {
  for (const [name, value] of Object.entries(document)) {
    const here = path + name;
    const found = value === null ? here : isObject(value) ? nullIn(value, `${here}.`) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Path of a number that JavaScript cannot represent exactly; undefined if none. */
export function inexactIn(value: unknown, path = ''): string | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : path;
  }
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  for (const [name, one] of inner) {
    const found = inexactIn(one, path ? `${path}.${name}` : name);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Deep equality, independent of key order. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => same(one, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]))
    );
  }
  return a === b;
}
