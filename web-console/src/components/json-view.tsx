/** Formats a JSON value: strings as they are, everything else indented. */
export function JsonView({ value }: { value: unknown }) {
  return <pre class="pretty">{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>;
}
