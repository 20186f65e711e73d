import type { DocumentFault } from '../hub/rest';
import { childPointer, type Field } from './schema';

/** Texts of the faults of each field, by its pointer. A fault without a field is one of what contains it. */
export type FieldErrors = ReadonlyMap<string, string[]>;

export function errorsByField(field: Field, faults: readonly DocumentFault[]): FieldErrors {
  const texts = new Map<string, string[]>();
  for (const { pointer, detail } of faults) {
    const place = fieldPointer(field, pointer);
    const rest = pointer.slice(place.length);
    texts.set(place, [...(texts.get(place) ?? []), rest ? `${rest} ${detail}` : detail]);
  }
  return texts;
}

/** Pointer of the innermost field that contains a place. */
function fieldPointer(field: Field, pointer: string, at = ''): string {
  const isBelow = (inner: string) => pointer === inner || pointer.startsWith(`${inner}/`);
  if (field.kind === 'group') {
    for (const { name, field: of } of field.properties) {
      const inner = childPointer(at, name);
      if (isBelow(inner)) {
        return fieldPointer(of, pointer, inner);
      }
    }
  }
  const place = field.kind === 'list' ? /^\/\d+/.exec(pointer.slice(at.length))?.[0] : undefined;
  return place && field.kind === 'list' ? fieldPointer(field.item, pointer, at + place) : at;
}

/** The faults that remain when a value has been changed: those elsewhere. */
export function withoutErrorsAt(faults: readonly DocumentFault[], pointer: string): DocumentFault[] {
  return faults.filter((fault) => fault.pointer !== pointer && !fault.pointer.startsWith(`${pointer}/`));
}
