import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, Logo } from '../components/icons';
import { ApiError } from '../hub/rest';
import { session, signIn } from './app-state';
import { replaceUrl } from './router';

/** Signs in with an API key and returns to the requested URL. */
export function SignIn({ next }: { next: string }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (session.value) {
      replaceUrl(next);
    }
    field.current?.focus();
  }, [next]);

  async function submit(event: Event) {
    event.preventDefault();
    const key = field.current?.value.trim() ?? '';
    if (!key) {
      setFault('Enter an API key.');
      return;
    }
    setBusy(true);
    setFault('');
    try {
      await signIn(key, next);
    } catch (thrown) {
      setFault(explain(thrown));
      setBusy(false);
      field.current?.select();
    }
  }

  return (
    <main class="alone" id="main">
      <form class="card sign" onSubmit={submit}>
        <h1>
          <Logo />
          Sign in to Signalbox
        </h1>
        {fault && (
          <p class="banner bad" role="alert" id="sign-fault">
            <Icon name="alert" />
            <span>{fault}</span>
          </p>
        )}
        <div class="fld">
          <label for="key">API key</label>
          <input
            ref={field}
            id="key"
            class="input mono"
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            aria-invalid={fault !== ''}
            aria-describedby={fault ? 'sign-fault key-hint' : 'key-hint'}
          />
          <p class="hint" id="key-hint">
            Starts with <span class="mono">sbk_</span>. The hub prints one at its first start; administrators
            can create more. The browser does not store it.
          </p>
        </div>
        <button type="submit" class="btn pri" disabled={busy}>
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}

function explain(fault: unknown): string {
  if (fault instanceof ApiError) {
    return fault.status === 401 ? 'Unknown API key.' : fault.message;
  }
  return 'Hub unreachable. Check that it is running.';
}
