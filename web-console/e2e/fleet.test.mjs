import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIMIT, onlineDevice, openBrowser, openPage, shot, signIn, until } from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const rowOf = (page, id) => page.locator('.grid [role=row]', { has: page.getByText(id, { exact: true }) });

test('values in the list update live', LIMIT, async () => {
  const device = await onlineDevice('pump');
  const page = await openPage(browser);
  await signIn(page, `/fleet?q=${device.id}`);
  const row = rowOf(page, device.id);
  await row.getByText('Online').waitFor();
  const seen = new Set();
  await until(
    'three different values',
    async () => seen.add(await row.locator('.val').innerText()).size >= 3,
  );
  await shot(page, 'fleet-wide');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the keyboard navigates and filters the list and opens a device', LIMIT, async () => {
  const page = await openPage(browser);
  await signIn(page);
  await page.locator('.grid .rows .tall [role=row]').nth(1).waitFor();
  await page.locator('.grid .rows .tall [role=row] a').first().click({ trial: true });
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const current = page.locator('.grid [role=row][aria-selected=true]');
  const id = await current.locator('.mono').innerText();
  await page.waitForURL((url) => url.searchParams.get('at') === id);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: id }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('pump');
  await page.waitForURL(/q=pump/);
  await until('only pumps', async () => {
    const types = await page.locator('.grid .c-type').allInnerTexts();
    return types.length > 0 && types.every((type) => type.startsWith('pump'));
  });
  await page.context().close();
});

test('a filter without matches is reported and can be cleared', LIMIT, async () => {
  const page = await openPage(browser);
  await signIn(page, '/fleet?q=no-such-thing');
  await page.getByText('No matching devices').waitFor();
  await page.getByRole('link', { name: /Clear filter/ }).click();
  await page.locator('.grid .rows .tall [role=row]').first().waitFor();
  await page.context().close();
});
