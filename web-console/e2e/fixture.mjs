// Shared by the browser tests: Chromium, the running hub, its REST API, and a proxy that can cut connections.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const HUB = (process.env.SIGNALBOX_URL ?? '').replace(/\/$/, '');
export const KEY = process.env.SIGNALBOX_KEY ?? '';
if (!HUB || !KEY) {
  throw new Error('SIGNALBOX_URL and SIGNALBOX_KEY must name a running hub with simulated devices');
}

/** Timeout of waits, long enough for a busy machine. */
export const PATIENCE = 60_000;

/** Timeout of one test; a file has none, so that slow machines can finish. */
export const LIMIT = { timeout: 300_000 };

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };
const SHOTS = join(dirname(fileURLToPath(import.meta.url)), '..', 'target', 'screenshots');
mkdirSync(SHOTS, { recursive: true });

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function browserPath() {
  const known = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = known.find((path) => path && existsSync(path));
  if (!found) {
    throw new Error('no Chromium found: install it (apt-get install chromium) or name it in CHROMIUM');
  }
  return found;
}

/** What the simulator's devices say of themselves. */
const DESCRIPTIONS = new URL('../../device-sim/src/main/resources/io/signalbox/sim/model/', import.meta.url);

/** Starts Chromium; the hub then knows the types of the simulated devices. */
export async function openBrowser(flags = []) {
  for (const type of ['thermostat', 'pump']) {
    const description = readFileSync(new URL(`${type}.json`, DESCRIPTIONS), 'utf8');
    const { firmware, hardware, ...body } = JSON.parse(description);
    await ask(`/types/${type}`, { method: 'PUT', body });
  }
  return chromium.launch({ executablePath: browserPath(), args: [...FLAGS, ...flags] });
}

/** Opens a page of the console; collects script errors and CSP violations in `page.faults`. */
export async function openPage(browser, { base = HUB, viewport = WIDE, theme = 'light' } = {}) {
  const context = await browser.newContext({
    baseURL: base,
    viewport,
    colorScheme: theme,
    timezoneId: 'Europe/Brussels',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.faults = [];
  page.on('pageerror', (fault) => page.faults.push(String(fault)));
  page.on('console', (line) => {
    if (/Content Security Policy|Trusted/i.test(line.text())) {
      page.faults.push(line.text());
    }
  });
  return page;
}

export async function signIn(page, path = '/fleet') {
  await page.goto(path);
  await page.getByLabel('API key').fill(KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('main').waitFor();
  await page.waitForURL((url) => url.pathname !== '/signin');
}

export function shot(page, name) {
  return page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** Calls the hub's REST API directly. */
export async function ask(path, { method = 'GET', body, hub = HUB } = {}) {
  const headers = { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${hub}/api/v1${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok && answer.status !== 409) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer.status === 204 ? undefined : answer.json();
}

/** Registers a device for the test and returns its id and key. It is deleted after the test. */
export async function newDevice(journey, name, more = {}) {
  const id = `${name}-${Date.now().toString(36)}`;
  const { key } = await ask('/devices', { method: 'POST', body: { id, ...more } });
  journey.after(() => ask(`/devices/${id}`, { method: 'DELETE' }));
  return { id, key };
}

/** A device controlled by the test, on a WebSocket in the browser. */
export async function connectDevice(browser, key, hub = HUB) {
  const context = await browser.newContext();
  const page = await context.newPage();
  // A file of the console, whose content security policy allows WebSockets.
  await page.goto(`${hub}/theme.js`);
  await page.evaluate((bearer) => {
    const url = `ws://${location.host}/device/v1/stream`;
    const socket = new WebSocket(url, ['signalbox.v1.json', `bearer.${bearer}`]);
    globalThis.socket = socket;
    globalThis.heard = [];
    socket.onmessage = (message) => globalThis.heard.push(JSON.parse(message.data));
  }, key);
  const hears = (type) =>
    until(`a ${type} from the hub`, () =>
      page.evaluate((wanted) => globalThis.heard.find((frame) => frame.type === wanted), type),
    );
  return {
    hears,
    forgets: () =>
      page.evaluate(() => {
        globalThis.heard = [];
      }),
    says: (frame) => page.evaluate((said) => globalThis.socket.send(JSON.stringify(said)), frame),
    close: () => context.close(),
  };
}

/** Two connections with one key, each of which reconnects after the other has replaced it. */
export async function twoWithOneKey(browser, key) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${HUB}/theme.js`);
  await page.evaluate((bearer) => {
    const connect = () => {
      const url = `ws://${location.host}/device/v1/stream`;
      const socket = new WebSocket(url, ['signalbox.v1.json', `bearer.${bearer}`]);
      socket.onclose = () => setTimeout(connect, 100);
    };
    connect();
    connect();
  }, key);
  return { close: () => context.close() };
}

/** The first online device of a type; the simulator may still be connecting. */
export function onlineDevice(type) {
  const online = async () => (await ask(`/devices?type=${type}&presence=online&limit=1`)).items[0];
  return until(`a simulated ${type} online at ${HUB}`, online);
}

/** Waits until the function returns a truthy value and returns it; `what` is a text or a function that gives it. */
export async function until(what, work, withinMs = PATIENCE) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await work();
    if (found) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${withinMs} ms in vain for ${typeof what === 'function' ? what() : what}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** TCP proxy to the hub for one test, which can cut connections. */
export async function wire(journey) {
  const { hostname, port } = new URL(HUB);
  const ends = new Set();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const end of ends) {
      end.destroy();
    }
  };
  journey.after(() => {
    cut();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    /** Keeps connections open but forwards nothing and accepts no new ones. */
    freeze: () => {
      isCut = true;
      for (const end of ends) {
        end.unpipe();
        end.pause();
      }
    },
  };
}
