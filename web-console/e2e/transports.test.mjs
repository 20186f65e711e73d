import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  connectDevice,
  HUB,
  KEY,
  LIMIT,
  NARROW,
  newDevice,
  onlineDevice,
  openBrowser,
  openPage,
  PATIENCE,
  shot,
  signIn,
  until,
} from './fixture.mjs';
import { stripUpgrades } from './stripping-proxy.mjs';
import { ownHub } from './test-hub.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Proxy setup for each transport. */
const NETWORKS = {
  WebSocket: (proxy) => proxy.letUpgradesPass(true),
  stream: () => {},
  poll: (proxy) => proxy.refuse(({ url }) => /^\/api\/v1\/events(\?|$)/.test(url)),
};

async function networkTo(journey, hub, way) {
  const proxy = await stripUpgrades(hub);
  journey.after(() => proxy.close());
  NETWORKS[way](proxy);
  return proxy;
}

/** Number of readings sent while connections are cut. */
const LAST = 40;

function isLiveBy(page, way, timeout = PATIENCE) {
  return page.locator('.conn.live .transport', { hasText: way }).waitFor({ timeout, state: 'attached' });
}

function remembered(page) {
  return page.evaluate(() => sessionStorage.getItem('signalbox.transport'));
}

/** Waits for three different values of a cell. */
async function moves(cell) {
  const seen = new Set();
  await until('three different values', async () => seen.add(await cell.innerText()).size >= 3);
}

test(
  'without upgrades the console uses an event stream, and WebSocket once allowed',
  LIMIT,
  async (journey) => {
    const device = await onlineDevice('pump');
    const proxy = await networkTo(journey, HUB, 'stream');
    const page = await openPage(browser, { base: proxy.url });
    await signIn(page, `/fleet?q=${device.id}`);
    await isLiveBy(page, 'stream');
    const row = page.locator('.grid [role=row]', { has: page.getByText(device.id, { exact: true }) });
    await moves(row.locator('.val'));
    await shot(page, 'fleet-by-stream');
    await row.getByRole('link').click();
    await page.locator('.lane canvas').first().waitFor();
    await moves(page.locator('.readings td.val').first());
    await page.getByLabel('Command', { exact: true }).selectOption('identify');
    await page.getByRole('button', { name: 'Send identify' }).click();
    const job = page.locator('.job[data-command=identify]').first();
    await until('identify to succeed', async () => (await job.getAttribute('data-state')) === 'succeeded');
    await shot(page, 'device-by-stream');
    assert.equal(await remembered(page), 'stream');
    assert.ok(proxy.stripped() > 0);
    const stripped = proxy.stripped();
    await page.reload();
    await isLiveBy(page, 'stream');
    assert.equal(proxy.stripped(), stripped, 'the page begins with what worked');
    proxy.letUpgradesPass(true);
    const states = page.evaluate(watchLink);
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await isLiveBy(page, 'WebSocket');
    await page.evaluate(() => globalThis.stopWatching());
    assert.deepEqual(await states, ['live'], 'nothing is seen of the change');
    await moves(page.locator('.readings td.val').first());
    assert.deepEqual(page.faults, []);
    await page.context().close();
  },
);

/** In the page: records all link states until stopped. */
function watchLink() {
  const app = document.querySelector('.app');
  const states = new Set([app.dataset.link]);
  const watcher = new MutationObserver(() => states.add(app.dataset.link));
  watcher.observe(app, { attributes: true });
  return new Promise((resolve) => {
    globalThis.stopWatching = () => resolve([...states]);
  });
}

test('without event streams it uses long poll', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const proxy = await networkTo(journey, HUB, 'poll');
  const page = await openPage(browser, { base: proxy.url, viewport: NARROW, theme: 'dark' });
  await signIn(page, `/devices/${device.id}`);
  await isLiveBy(page, 'poll');
  await moves(page.locator('.readings td.val').first());
  await shot(page, 'device-by-poll-narrow-dark');
  assert.equal(await remembered(page), 'poll');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a buffering proxy counts as blocking streams', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const proxy = await networkTo(journey, HUB, 'stream');
  proxy.buffer(true);
  const page = await openPage(browser, { base: proxy.url });
  await signIn(page, `/devices/${device.id}`);
  await isLiveBy(page, 'poll', 40_000);
  await moves(page.locator('.readings td.val').first());
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

for (const way of ['WebSocket', 'stream', 'poll']) {
  test(`by ${way}, no event is missed while the connection is cut repeatedly`, LIMIT, async (journey) => {
    const { id, key } = await newDevice(journey, 'counts');
    const device = await connectDevice(browser, key);
    await device.hears('welcome');
    const proxy = await networkTo(journey, HUB, way);
    const page = await openPage(browser, { base: proxy.url });
    await device.says({ type: 'telemetry', seq: 1, values: { n: 0 } });
    await signIn(page, `/devices/${id}?ch=n&as=table`);
    await isLiveBy(page, way);
    await page.locator('.readings-table tbody tr').first().waitFor();
    let reads = 0;
    page.on('request', (request) => {
      reads += /\/telemetry(\?|\/latest)/.test(request.url()) ? 1 : 0;
    });
    const begin = Date.now();
    for (let n = 1; n <= LAST; n++) {
      await device.says({ type: 'telemetry', seq: n + 1, ts: begin + n, values: { n } });
      // A connection cut at once would count as a transport failure.
      await page.waitForTimeout(300);
      if (n === 20 || n === 38) {
        proxy.cut();
      }
    }
    await isLiveBy(page, way);
    const values = () => page.locator('.readings-table tbody tr td:nth-child(2)').allInnerTexts();
    const told = await until('every reading', async () => {
      const shown = (await values()).map((text) => Math.round(Number.parseFloat(text)));
      return shown.includes(LAST) && shown;
    });
    assert.deepEqual(
      told.slice(0, LAST),
      Array.from({ length: LAST }, (_, n) => LAST - n),
    );
    assert.equal(reads, 0, 'what was missed came by the feed, not by reading all anew');
    await device.close();
    await page.context().close();
  });

  test(
    `by ${way}, the console reconnects to a killed and restarted hub on the same transport`,
    LIMIT,
    async (journey) => {
      const hub = await ownHub(journey);
      const { key } = await ask('/devices', { method: 'POST', body: { id: 'pump-7' }, hub: hub.url });
      const proxy = await networkTo(journey, hub.url, way);
      const page = await openPage(browser, { base: proxy.url });
      await signIn(page, '/devices/pump-7');
      await isLiveBy(page, way);
      await hub.kill();
      await page.getByRole('status').getByText('Reconnecting').waitFor();
      await page
        .getByRole('alert')
        .getByText(/No connection/)
        .waitFor();
      await hub.start();
      await isLiveBy(page, way, 40_000);
      const device = await connectDevice(browser, key, hub.url);
      await device.hears('welcome');
      await device.says({ type: 'telemetry', seq: 1, values: { flow: 41.5 } });
      await page.locator('.readings td.val').getByText('41.5').waitFor();
      await page.locator('.badge').getByText('Online').waitFor();
      assert.deepEqual(page.faults, []);
      await device.close();
      await page.context().close();
    },
  );
}

test("a browser's EventSource resumes after a hub restart", LIMIT, async (journey) => {
  const hub = await ownHub(journey);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${hub.url}/theme.js`);
  await page.evaluate(async (key) => {
    const headers = { 'Content-Type': 'application/json' };
    await fetch('/api/v1/session', { method: 'POST', headers, body: JSON.stringify({ key }) });
    globalThis.heard = [];
    const source = new EventSource('/api/v1/events?topics=presence');
    source.onopen = () => globalThis.heard.push('open');
    source.addEventListener('reset', () => globalThis.heard.push('reset'));
    source.addEventListener('device', (event) => globalThis.heard.push(JSON.parse(event.data).device));
  }, KEY);
  const heard = (what) =>
    until(
      `${what} on the event source`,
      () => page.evaluate((one) => globalThis.heard.includes(one), what),
      40_000,
    );
  await heard('open');
  await ask('/devices', { method: 'POST', body: { id: 'pump-1' }, hub: hub.url });
  await heard('pump-1');
  await hub.kill();
  await hub.start();
  await heard('reset');
  await ask('/devices', { method: 'POST', body: { id: 'pump-2' }, hub: hub.url });
  await heard('pump-2');
  await context.close();
});
