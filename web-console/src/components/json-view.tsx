/** A JSON value as people read it: text as it is, the rest with indents. */
export function JsonView({ value }: { value: unknown }) {
  return <pre class="pretty">{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>;
}
