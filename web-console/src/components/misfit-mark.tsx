import { Glyph } from './status';

/** Mark of a value that does not fit its type. The reason is its title, and is read out. */
export function MisfitMark({ text }: { text: string }) {
  return (
    <span class="misfit" title={text}>
      <Glyph tone="major" />
      <span class="vh"> {text} </span>
    </span>
  );
}
