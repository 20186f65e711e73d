import { useEffect } from 'preact/hooks';
import { ErrorState, NotFound } from '../components/placeholders';
import { DeviceScreen } from '../device/device-screen';
import { FleetScreen } from '../fleet/fleet-screen';
import { findSession, session, startFault, starting } from './app-state';
import { route } from './router';
import { Shell } from './shell';
import { SignIn } from './sign-in';

export function App() {
  const here = route.value;
  useEffect(() => {
    const name = here.screen === 'device' ? here.id : here.screen === 'fleet' ? 'Fleet' : 'Sign in';
    document.title = `${name} · Signalbox`;
  }, [here]);
  if (here.screen === 'sign-in') {
    return <SignIn next={here.next} />;
  }
  if (startFault.value) {
    return (
      <main class="alone" id="main">
        <ErrorState
          what="Console failed to start"
          fault={startFault.value}
          retry={() => void findSession()}
        />
      </main>
    );
  }
  if (!session.value) {
    return <main class="alone" id="main" aria-busy={starting.value} />;
  }
  return <Shell>{screen(here)}</Shell>;
}

function screen(here: Exclude<typeof route.value, { screen: 'sign-in' }>) {
  switch (here.screen) {
    case 'fleet':
      return <FleetScreen query={here.query} />;
    case 'device':
      return <DeviceScreen key={here.id} id={here.id} query={here.query} />;
    case 'not-found':
      return <NotFound path={here.path} />;
  }
}
