// Many tabs of one browser without WebSockets: a browser opens at most six HTTP/1.1 connections per host.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, HUB, LIMIT, onlineDevice, openBrowser, openPage, shot, signIn, until } from './fixture.mjs';
import { stripUpgrades } from './stripping-proxy.mjs';

const TABS = 10;
const STREAM = /^\/api\/v1\/events$/;

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Opens tabs on a device screen behind a proxy, signed in once. */
async function openTabs(journey, device, { count = TABS, bend = () => {} } = {}) {
  const proxy = await stripUpgrades(HUB);
  journey.after(() => proxy.close());
  bend(proxy);
  const first = await openPage(browser, { base: proxy.url });
  await signIn(first, `/devices/${device.id}`);
  const more = Array.from({ length: count - 1 }, async () => {
    const tab = await first.context().newPage();
    tab.setDefaultTimeout(40_000);
    await tab.goto(`/devices/${device.id}`);
    return tab;
  });
  return { proxy, tabs: [first, ...(await Promise.all(more))] };
}

function all(tabs, work) {
  return Promise.all(tabs.map(work));
}

/** Waits for three different values of the first reading. */
async function moves(page) {
  const cell = page.locator('.readings td.val').first();
  const seen = new Set();
  await until('three different values', async () => seen.add(await cell.innerText()).size >= 3, 40_000);
}

/** Sends a command from each tab and waits until the hub has all succeeded. */
async function identifyFrom(tabs, device) {
  const done = async () => {
    const { items } = await ask(`/devices/${device.id}/commands?limit=100`);
    return items.filter(({ name, state }) => name === 'identify' && state === 'succeeded').length;
  };
  const before = await done();
  await all(tabs, async (tab) => {
    await tab.getByLabel('Command', { exact: true }).selectOption('identify');
    await tab.getByRole('button', { name: 'Send identify' }).click();
  });
  await until('every command to be done', async () => (await done()) === before + tabs.length, 40_000);
  const newest = tabs.at(-1).locator('.job[data-command=identify]').first();
  await until('the tab to show it', async () => (await newest.getAttribute('data-state')) === 'succeeded');
}

/** A stream that replaces another one may begin before the proxy has noticed the end of the other. */
function oneStream(proxy) {
  return until('one stream for all tabs', () => proxy.underWay(STREAM) === 1);
}

function sharedBy(page, way, count) {
  const words = new RegExp(`${way}.*${count} tabs`);
  return page
    .locator('.conn.live .transport', { hasText: words })
    .waitFor({ timeout: 40_000, state: 'attached' });
}

test('ten tabs share one event stream, all are live and can send commands', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const { proxy, tabs } = await openTabs(journey, device);
  await all(tabs, (tab) => sharedBy(tab, 'stream', TABS));
  await all(tabs, moves);
  await oneStream(proxy);
  await identifyFrom(tabs, device);
  await shot(tabs[9], 'device-in-ten-tabs');
  // Close the first tab and crash another.
  await tabs[0].close();
  tabs[1].goto('chrome://crash').catch(() => {});
  await all(tabs.slice(2), moves);
  await identifyFrom(tabs.slice(2), device);
  await oneStream(proxy);
  assert.deepEqual(tabs[0].faults, []);
  await tabs[9].context().close();
});

test('tabs recover when the shared worker is killed', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const { proxy, tabs } = await openTabs(journey, device, { count: 3 });
  await all(tabs, (tab) => sharedBy(tab, 'stream', tabs.length));
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const worker = targetInfos.find(({ type, url }) => type === 'shared_worker' && url.startsWith(proxy.url));
  assert.ok(worker, JSON.stringify(targetInfos.map(({ type, url }) => [type, url])));
  await session.send('Target.closeTarget', { targetId: worker.targetId });
  await until('the stream to be over', () => proxy.underWay(STREAM) === 0, 40_000);
  await all(tabs, moves);
  await sharedBy(tabs[0], 'stream', tabs.length);
  await oneStream(proxy);
  await tabs[0].context().close();
});

test('tabs share one long poll when streams are blocked', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const { tabs } = await openTabs(journey, device, {
    count: 7,
    bend: (proxy) => proxy.refuse(({ url }) => STREAM.test(url)),
  });
  await all(tabs, (tab) => sharedBy(tab, 'poll', tabs.length));
  await all(tabs, moves);
  await tabs[0].context().close();
});

test('signing out and in applies to all tabs', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const { tabs } = await openTabs(journey, device, { count: 3 });
  await all(tabs, (tab) => sharedBy(tab, 'stream', tabs.length));
  await tabs[1].getByRole('button', { name: 'Sign out' }).click();
  await all(tabs, (tab) => tab.getByLabel('API key').waitFor());
  await signIn(tabs[2], `/devices/${device.id}`);
  await all(tabs, (tab) => sharedBy(tab, 'stream', tabs.length));
  await tabs[0].context().close();
});
