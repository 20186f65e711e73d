import { type FunctionComponent, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorState, Loading } from './placeholders';

/**
 * A part of the console that is fetched when it is first shown, so that the first page stays light.
 *
 * @param rows what stands in its place meanwhile is so many rows high
 * @param isCard whether the part is a card of its own, and not within one
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
          // The hub may serve a newer console meanwhile, which has other files.
          <ErrorState what="This part cannot be loaded" fault={fault} retry={() => location.reload()} />
        )}
      </section>
    );
  };
}
