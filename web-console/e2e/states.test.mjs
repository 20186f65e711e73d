import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HUB, LIMIT, newDevice, openBrowser, openPage, shot, signIn, until } from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Sends readings of a device over HTTP. */
async function send(key, readings) {
  const answer = await fetch(`${HUB}/device/v1/telemetry`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(readings),
  });
  assert.equal(answer.status, 202, await answer.text());
}

test('states are live bands with durations, and rows of the table', LIMIT, async (journey) => {
  const { id, key } = await newDevice(journey, 'gate');
  const now = Date.now();
  await send(key, [
    { ts: now - 240_000, values: { open: false, mode: 'auto' } },
    { ts: now - 180_000, values: { open: true } },
    { ts: now - 120_000, values: { open: false, mode: 'service' } },
    { ts: now - 90_000, values: { open: true } },
    { ts: now - 60_000, values: { open: false, mode: 'auto' } },
  ]);
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}?range=5m`);
  const gate = page.locator('.lane.states', { hasText: 'Open' });
  await until('shut, open, shut, open, shut', async () => (await gate.locator('.band').count()) === 5);
  assert.match(await gate.locator('.band').nth(1).getAttribute('title'), /^yes, .* \(1 min\)$/);
  assert.match(await gate.locator('.ttl').innerText(), /yes 1 min 30 s/);
  assert.equal(await gate.locator('.end .val').innerText(), 'no');
  const mode = page.locator('.lane.states', { hasText: 'Mode' });
  await until(
    'auto, service, auto',
    async () => (await mode.locator('.band').allInnerTexts()).join() === 'auto,service,auto',
  );
  await shot(page, 'states');

  await send(key, { open: true });
  await until(
    'the gate to open on the screen',
    async () => (await gate.locator('.end .val').innerText()) === 'yes',
  );

  await page.keyboard.press('t');
  const rows = page.locator('.readings-table tbody tr');
  await until('a row for each change', async () => (await rows.count()) >= 6);
  await rows.first().getByText('yes').waitFor();
  await shot(page, 'states-table');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a state that has not changed for days fills the view', LIMIT, async (journey) => {
  const { id, key } = await newDevice(journey, 'lock');
  await send(key, { ts: Date.now() - 3 * 86_400_000, values: { locked: true } });
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}?range=30m`);
  const lane = page.locator('.lane.states');
  await until('one band', async () => (await lane.locator('.band').count()) === 1);
  await lane.locator('.band', { hasText: 'yes' }).waitFor();
  // A redraw replaces the elements, so wait until both are present.
  await until('a band as wide as the view', async () => {
    const band = await lane.locator('.band').boundingBox();
    const bands = await lane.locator('.bands').boundingBox();
    return band && bands && band.width > bands.width * 0.98;
  });
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
