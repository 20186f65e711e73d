import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { KEY, LIMIT, openBrowser, openPage, shot, signIn } from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('an unknown key is rejected with a message', LIMIT, async () => {
  const page = await openPage(browser);
  await page.goto('/fleet');
  await page.getByLabel('API key').fill('sbk_not-a-key-of-this-hub-0000000000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('Unknown API key.').waitFor();
  assert.equal(new URL(page.url()).pathname, '/signin');
  await shot(page, 'sign-in-refused');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a valid key leads to the requested URL, and sign-out works', LIMIT, async () => {
  const page = await openPage(browser);
  await signIn(page, '/fleet?q=sim&view=online');
  assert.equal(page.url().replace(/^.*\/fleet/, '/fleet'), '/fleet?q=sim&view=online');
  assert.equal(await page.getByLabel('Filter devices').inputValue(), 'sim');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
  await page.goto('/fleet');
  await page.getByLabel('API key').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('an expired session leads to sign-in and back to the same page', LIMIT, async () => {
  const page = await openPage(browser);
  await signIn(page, '/fleet?view=online');
  await page.locator('.grid [role=row]').nth(1).waitFor();
  await page.waitForLoadState('networkidle');
  await page.context().clearCookies();
  await page.getByLabel('Filter devices').fill('nothing-is-called-this');
  await page.getByLabel('API key').fill(KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/fleet\?q=nothing-is-called-this&view=online/);
  await page.getByText('No matching devices').waitFor();
  await page.context().close();
});
