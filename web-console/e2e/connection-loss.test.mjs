import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIMIT, onlineDevice, openBrowser, openPage, shot, signIn, until, wire } from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('nothing looks live without a hub, and everything is live again afterwards', LIMIT, async (journey) => {
  const device = await onlineDevice('pump');
  const line = await wire(journey);
  const page = await openPage(browser, { base: line.url });
  await signIn(page, `/devices/${device.id}`);
  await page.locator('.lane canvas').first().waitFor();
  await page.getByRole('status').getByText('Live').waitFor();
  line.cut();
  await page
    .getByRole('alert')
    .getByText(/No connection to the hub since/)
    .waitFor();
  await page.getByText('Was online').first().waitFor();
  assert.ok(await page.getByRole('button', { name: /Send set-speed/ }).isDisabled());
  const style = await page
    .locator('.readings td.val')
    .first()
    .evaluate((cell) => getComputedStyle(cell).textDecorationStyle);
  assert.equal(style, 'dotted');
  await shot(page, 'device-lost');
  await page.getByRole('button', { name: 'Retry now' }).click();
  line.mend();
  await page.getByRole('status').getByText('Live').waitFor();
  await until('fresh values', async () => (await page.locator('.val.old').count()) === 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a silent connection is detected', LIMIT, async (journey) => {
  await onlineDevice('pump');
  const line = await wire(journey);
  const page = await openPage(browser, { base: line.url });
  await signIn(page, '/fleet?view=online');
  await page.getByRole('status').getByText('Live').waitFor();
  await page.locator('.grid .rows .tall [role=row]').first().waitFor();
  line.freeze();
  await page.getByText('Reconnecting').waitFor();
  await page.getByText('Was online').first().waitFor();
  line.mend();
  await page.getByRole('status').getByText('Live').waitFor();
  await page.context().close();
});
