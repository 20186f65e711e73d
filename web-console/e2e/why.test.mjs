import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  connectDevice,
  LIMIT,
  newDevice,
  openBrowser,
  openPage,
  shot,
  signIn,
  twoWithOneKey,
  until,
} from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('a waiting command is explained, and a failed one shows all steps', LIMIT, async (journey) => {
  const { id, key } = await newDevice(journey, 'waits', { type: 'pump' });
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}`);
  await page.getByText('Never connected').first().waitFor();
  await page.getByRole('spinbutton', { name: /Target speed/ }).fill('1200');
  await page.getByRole('button', { name: 'Send set-speed' }).click();
  const job = page.locator('.job[data-command=set-speed]');
  await job.getByRole('button', { name: 'Why?' }).click();
  await page.waitForURL(/cmd=/);
  await job
    .locator('.summary')
    .getByText(/never connected/)
    .waitFor();
  await shot(page, 'command-why');
  const device = await connectDevice(browser, key);
  const { id: token, params } = await device.hears('command');
  assert.deepEqual(params, { rpm: 1200 });
  await page.locator('.badge').getByText('Online').waitFor();
  await device.says({ type: 'result', id: token, status: 'failed', error: 'the valve is stuck' });
  await until('the end', async () => (await job.getAttribute('data-state')) === 'failed');
  const steps = job.getByRole('list').filter({ has: page.locator('.st') });
  assert.match(
    await steps.innerText(),
    /Queued[\s\S]*by admin[\s\S]*Sent[\s\S]*session \d+, WebSocket[\s\S]*Failed/,
  );
  await job
    .locator('.summary')
    .getByText(/the valve is stuck/)
    .waitFor();
  await shot(page, 'command-failed');
  await device.close();
  await page.locator('.badge').getByText('Offline').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the Why tab shows why a device is offline and its recent events', LIMIT, async (journey) => {
  const { id, key } = await newDevice(journey, 'gone');
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}?tab=why`);
  await page
    .locator('.summary')
    .getByText(/never connected/)
    .waitFor();
  const device = await connectDevice(browser, key);
  await device.hears('welcome');
  await page.locator('.record [data-kind=connected]').waitFor();
  await ask(`/devices/${id}`, { method: 'PATCH', body: { enabled: false } });
  await page
    .locator('.summary')
    .getByText(/disabled/)
    .waitFor();
  await device.close();
  await (await connectDevice(browser, key)).close();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('.record [data-kind=refused]').waitFor();
  await page.getByRole('button', { name: 'Refused', exact: true }).click();
  await page.waitForURL(/entries=refusals/);
  await page.locator('.record [data-kind=connected]').waitFor({ state: 'detached' });
  await page.locator('.record [data-kind=refused]').waitFor();
  await shot(page, 'why-offline');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('two devices with one key are both reported, in the list and on the page', LIMIT, async (journey) => {
  const { id, key } = await newDevice(journey, 'twice');
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}`);
  const two = await twoWithOneKey(browser, key);
  const banner = page.getByRole('status').getByText(/Two connections compete for this device id/);
  await banner.waitFor();
  assert.match(
    await banner.innerText(),
    /127\.0\.0\.1:\d+ is connected, 127\.0\.0\.1:\d+ tries to take over/,
  );
  await page.locator('.badge').getByText('Contested').waitFor();
  await page.getByRole('status').getByRole('link', { name: 'Why?' }).click();
  await page
    .locator('.summary')
    .getByText(/two devices share one key/)
    .waitFor();
  await page.locator('.record [data-kind=takeover]').waitFor();
  await shot(page, 'contested');
  await page.goto(`/fleet?q=${id}`);
  await page
    .locator('.grid [role=row]')
    .getByText(/, contested/)
    .waitFor();
  await shot(page, 'fleet-contested');
  await two.close();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
