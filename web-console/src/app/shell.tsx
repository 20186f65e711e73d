import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, Logo } from '../components/icons';
import type { TransportName } from '../feed/transport';
import { hubNow, isLost, link, live, session, signOut, tick } from './app-state';
import { atDayAndTime, atTime, zone } from './formats';
import { fleetUrl, route, typesUrl } from './router';
import { nextTheme, themeChoice } from './theme';

/** Frame of every screen: navigation, connection pill, and a banner while the hub is unreachable. */
export function Shell({ children }: { children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const here = route.value;
  const screen = here.screen === 'device' ? here.id : here.screen === 'type' ? here.name : here.screen;
  const shownBefore = useRef(screen);
  useEffect(() => {
    if (shownBefore.current !== screen) {
      shownBefore.current = screen;
      main.current?.focus({ preventScroll: true });
    }
  }, [screen]);
  return (
    <div class="app" data-link={link.value.state} data-screen={route.value.screen}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <a class="brand" href="/fleet">
        <Logo />
        Signalbox
      </a>
      <nav class="rail" aria-label="Main">
        <a href={fleetUrl()} aria-current={route.value.screen === 'fleet' ? 'page' : undefined}>
          <Icon name="fleet" />
          Fleet
        </a>
        <a href={typesUrl()} aria-current={isSettings(here.screen) ? 'page' : undefined}>
          <Icon name="settings" />
          Settings
        </a>
        <div class="foot">
          <p class="clip">{session.value?.name}</p>
          <p class="clip">{session.value?.scopes.join(', ')}</p>
        </div>
      </nav>
      <Top />
      <main id="main" tabIndex={-1} ref={main}>
        <LostBanner />
        {children}
      </main>
    </div>
  );
}

function isSettings(screen: string): boolean {
  return screen === 'types' || screen === 'type';
}

function Top() {
  return (
    <header class="top">
      <a class="brand-n only-n" href="/fleet">
        <Logo />
        <span>Signalbox</span>
      </a>
      <span class="sp" />
      <HubClock />
      <ConnectionPill />
      <a class="ico only-n" href={typesUrl()} title="Settings">
        <Icon name="settings" />
        <span class="vh">Settings</span>
      </a>
      <button type="button" class="ico" onClick={nextTheme} title={`Theme: ${themeChoice.value}`}>
        <Icon
          name={themeChoice.value === 'dark' ? 'moon' : themeChoice.value === 'light' ? 'sun' : 'sun-moon'}
        />
        <span class="vh">Theme: {themeChoice.value}. Change.</span>
      </button>
      <button type="button" class="ico" onClick={() => void signOut()} title="Sign out">
        <Icon name="out" />
        <span class="vh">Sign out</span>
      </button>
    </header>
  );
}

function HubClock() {
  tick.value;
  return (
    <span class="clock num only-w">
      {atDayAndTime(hubNow())} {zone}
    </span>
  );
}

const TRANSPORT_LABELS: Record<TransportName, string> = {
  websocket: 'WebSocket',
  stream: 'stream',
  poll: 'poll',
};
const TRANSPORT_TITLES: Record<TransportName, string> = {
  websocket: 'Connected by WebSocket',
  stream: 'Connected by server-sent events: WebSocket is blocked by the network',
  poll: 'Connected by long poll: WebSocket and server-sent events are blocked by the network',
};

function transportTitle(way: TransportName, tabs: number): string {
  return tabs > 1
    ? `${TRANSPORT_TITLES[way]}. ${tabs} tabs of this browser share this connection.`
    : TRANSPORT_TITLES[way];
}

/** Connection state. Screen readers announce only the state, not the countdown. */
function ConnectionPill() {
  const state = link.value;
  tick.value;
  const word = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting' }[state.state];
  return (
    <div
      class={`conn ${state.state}`}
      title={state.state === 'live' ? transportTitle(state.transport, state.tabs) : undefined}
    >
      <span class="dot" />
      <b role="status">{word}</b>
      {state.state === 'live' && (
        <span class={state.transport === 'websocket' ? 'transport only-w' : 'transport'}>
          {TRANSPORT_LABELS[state.transport]}
          {state.tabs > 1 && <span class="only-w"> · {state.tabs} tabs</span>}
        </span>
      )}
      {state.state === 'lost' && (
        <span class="only-w num">
          attempt {state.attempt}, {waitText(state.retryAt)}
        </span>
      )}
    </div>
  );
}

function waitText(retryAt: number): string {
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  return seconds > 0 ? `in ${seconds} s` : 'now';
}

function LostBanner() {
  const state = link.value;
  if (!isLost.value || state.state !== 'lost') {
    return null;
  }
  return (
    <div class="banner warn" role="alert">
      <Icon name="wifi-off" />
      <span>
        No connection to the hub since {atTime(state.since)}. Values are not live. Devices may still be
        connected.
      </span>
      <button type="button" class="btn sm" onClick={() => live.retryNow()}>
        Retry now
      </button>
    </div>
  );
}
