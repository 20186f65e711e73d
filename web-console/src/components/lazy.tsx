import { type FunctionComponent, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorState, Loading } from './placeholders';

/**
 * Loads a component when it is first shown, to keep the initial bundle small.
 *
 * @param rows height of the placeholder in rows
 * @param isCard whether the component is a card itself
 */
export function lazy<P extends object>(
  fetch: () => Promise<FunctionComponent<P>>,
  rows = 6,
  isCard = true,
): FunctionComponent<P> {
  let part: FunctionComponent<P> | null = null;
  return function Later(props: P) {
    const [, redraw] = useState(0);
    const [fault, setFault] = useState<unknown>(null);
    useEffect(() => {
      let shown = true;
      if (!part) {
        fetch().then(
          (fetched) => {
            part = fetched;
            shown && redraw(1);
          },
          (thrown) => shown && setFault(thrown),
        );
      }
      return () => {
        shown = false;
      };
    }, []);
    if (part) {
      return h(part, props);
    }
    return (
      <section class={isCard ? 'card' : undefined}>
        {fault === null ? (
          <Loading rows={rows} />
        ) : (
          // The hub may serve a newer console with other file names.
          <ErrorState what="Failed to load this section" fault={fault} retry={() => location.reload()} />
        )}
      </section>
    );
  };
}
