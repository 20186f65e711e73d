import { useEffect } from 'preact/hooks';
import { lazy } from '../components/lazy';
import { ErrorState, NotFound } from '../components/placeholders';
import { DeviceScreen } from '../device/device-screen';
import { FleetScreen } from '../fleet/fleet-screen';
import { findSession, session, startFault, starting } from './app-state';
import { type Route, route } from './router';
import { Shell } from './shell';
import { SignIn } from './sign-in';

const TypesScreen = lazy(async () => (await import('../settings/types-screen')).TypesScreen);
const TypeScreen = lazy(async () => (await import('../settings/type-screen')).TypeScreen);

export function App() {
  const here = route.value;
  useEffect(() => {
    document.title = `${titleOf(here)} · Signalbox`;
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

function titleOf(here: Route): string {
  switch (here.screen) {
    case 'device':
      return here.id;
    case 'type':
      return here.name;
    case 'types':
      return 'Device types';
    case 'fleet':
      return 'Fleet';
    case 'sign-in':
      return 'Sign in';
    case 'not-found':
      return 'Not found';
  }
}

function screen(here: Exclude<typeof route.value, { screen: 'sign-in' }>) {
  switch (here.screen) {
    case 'fleet':
      return <FleetScreen query={here.query} />;
    case 'device':
      return <DeviceScreen key={here.id} id={here.id} query={here.query} />;
    case 'types':
      return <TypesScreen query={here.query} />;
    case 'type':
      return <TypeScreen key={here.name} name={here.name} query={here.query} />;
    case 'not-found':
      return <NotFound path={here.path} />;
  }
}
