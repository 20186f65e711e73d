import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIMIT, openBrowser, openPage, signIn } from './fixture.mjs';
import { HOST, realProxy } from './reverse-proxies.mjs';
import { ownHub } from './test-hub.mjs';

let browser;
before(async () => {
  browser = await openBrowser([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, '--ignore-certificate-errors']);
});
after(() => browser.close());

for (const kind of ['nginx', 'haproxy', 'caddy']) {
  test(`through ${kind}, sign-in and WebSocket work over HTTP and HTTPS`, LIMIT, async (journey) => {
    const hub = await ownHub(journey, ['--http-trusted-proxies', '127.0.0.1']);
    const proxy = await realProxy(journey, kind, hub.url);
    for (const base of [proxy.http, proxy.https]) {
      const page = await openPage(browser, { base });
      await signIn(page);
      await page
        .locator('.conn.live .transport', { hasText: 'WebSocket' })
        .waitFor({ timeout: 60_000, state: 'attached' });
      const [cookie] = await page.context().cookies();
      assert.match(cookie.name, /^signalbox-[0-9a-f]{12}$/);
      assert.equal(cookie.secure, base.startsWith('https:'));
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });
}

test('a browser without a session shows the sign-in page, not a browser dialog', LIMIT, async (journey) => {
  const hub = await ownHub(journey);
  const page = await openPage(browser, { base: hub.url });
  const challenges = [];
  page.on('response', async (answer) => {
    if (answer.status() === 401) {
      challenges.push(await answer.headerValue('www-authenticate'));
    }
  });
  await page.goto('/fleet');
  await page.getByLabel('API key').waitFor();
  assert.ok(challenges.length > 0);
  assert.ok(challenges.every((challenge) => !/basic/i.test(challenge)));
  await page.context().close();
});

test('two hubs on one host have separate sessions', LIMIT, async (journey) => {
  const one = await ownHub(journey);
  const other = await ownHub(journey);
  const page = await openPage(browser, { base: one.url });
  await signIn(page);
  await signIn(page, `${other.url}/fleet`);
  await page.goto(`${one.url}/fleet`);
  await page.locator('.conn.live').waitFor({ state: 'attached' });
  assert.equal(new URL(page.url()).pathname, '/fleet');
  await page.context().close();
});
