import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  LIMIT,
  newDevice,
  onlineDevice,
  openBrowser,
  openPage,
  shot,
  signIn,
  until,
} from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const rowOf = (page, name) => page.locator('.twin tbody tr', { has: page.getByText(name, { exact: true }) });

async function change(page, state) {
  await page.getByRole('button', { name: 'Edit desired state' }).click();
  await page.getByLabel('Desired state (JSON)').fill(JSON.stringify(state));
  await page.getByRole('button', { name: /Save desired/ }).click();
}

test('the device applies the desired state, and both sides show their author', LIMIT, async () => {
  const device = await onlineDevice('thermostat');
  const page = await openPage(browser);
  await signIn(page, `/devices/${device.id}?tab=state`);
  const target = 15 + Math.floor(Math.random() * 10) + 0.25;
  await change(page, { target });
  const row = rowOf(page, 'target');
  const expected = ['Target temperature target', `${target} °C`, `${target} °C`];
  let cells = [];
  await until(
    () => `the device to report ${target}; its row: ${cells.join(' | ')}`,
    async () => {
      cells = await row.locator('td').allInnerTexts();
      return cells.join() === expected.join();
    },
  );
  await page.getByText('In sync', { exact: true }).waitFor();
  const changes = page.getByRole('region', { name: 'State changes' });
  await changes.locator('[data-side=desired]', { hasText: `"target":${target}` }).waitFor();
  await changes
    .locator('[data-side=reported]', { hasText: `by ${device.id}` })
    .first()
    .waitFor();
  await shot(page, 'state');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('concurrent changes of the desired state are detected', LIMIT, async (journey) => {
  const { id } = await newDevice(journey, 'shared');
  const desired = `/devices/${id}/twin/desired`;
  await ask(desired, { method: 'PATCH', body: { interval: 60, target: 21 } });
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}?tab=state`);
  await page.getByText('2 differences').waitFor();
  await page.getByRole('button', { name: 'Edit desired state' }).click();
  const text = page.getByLabel('Desired state (JSON)');
  await text.fill('{"interval": null}');
  await page.keyboard.press('Control+Enter');
  await page.getByText('interval must not be null').waitFor();
  await text.fill('{"interval": 30, "target": 21}');
  await ask(desired, { method: 'PATCH', body: { target: 19 } });
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('admin has changed the desired state').waitFor();
  assert.equal((await ask(`/devices/${id}/twin`)).desired.state.interval, 60);
  await shot(page, 'state-conflict');
  await page.getByRole('button', { name: 'Reapply my changes' }).click();
  await page.keyboard.press('Control+Enter');
  await text.waitFor({ state: 'detached' });
  assert.deepEqual((await ask(`/devices/${id}/twin`)).desired.state, { interval: 30, target: 19 });
  await rowOf(page, 'target').locator('td').nth(1).getByText('19', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
