import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface ConfirmProps {
  title: string;
  /** What the button says and does. */
  action: string;
  /** Texts of which one must be typed first; none for a plain question. */
  typed?: readonly string[];
  children: ComponentChildren;
  onAnswer: (isConfirmed: boolean) => void;
}

/** Question before something that disturbs or destroys. Escape and Cancel answer no. */
export function Confirm({ title, action, typed = [], children, onAnswer }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const fits = typed.length === 0 || typed.includes(text.trim());
  useEffect(() => {
    dialog.current?.showModal();
    // A key that is pressed once too often must not confirm.
    (typed.length > 0 ? input : cancel).current?.focus();
  }, []);

  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby={`${id}-title`}
      // Closing first gives the focus back to where it came from.
      onClose={(event) => onAnswer(event.currentTarget.returnValue === 'yes')}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) {
            dialog.current?.close('yes');
          }
        }}
      >
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        {typed.length > 0 && (
          <div class="fld">
            <label for={`${id}-typed`}>
              <span>
                Type <b class="mono">{typed[0]}</b> to confirm
              </span>
            </label>
            <input
              id={`${id}-typed`}
              ref={input}
              class="input mono"
              value={text}
              spellcheck={false}
              autocomplete="off"
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </div>
        )}
        <div class="actions">
          <button type="submit" class="btn danger" disabled={!fits}>
            {action}
          </button>
          <button ref={cancel} type="button" class="btn" onClick={() => dialog.current?.close('no')}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
