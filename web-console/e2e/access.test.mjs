import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import {
  ask,
  HUB,
  LIMIT,
  NARROW,
  newDevice,
  onlineDevice,
  openBrowser,
  openPage,
  shot,
  signIn,
  WIDE,
  wire,
} from './fixture.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Axe findings, one line each. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags }), RULES);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`),
  );
}

async function look(page, name) {
  // Axe counts what the sticky header covers while the page is scrolled.
  await page.evaluate(() => scrollTo(0, 0));
  assert.deepEqual(await violations(page), [], name);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(sideways <= 0, `${name} runs ${sideways} px over the side`);
  await shot(page, name);
}

/** A pump that says other things than its type. */
async function contradicting(journey) {
  const { id, key } = await newDevice(journey, 'contrary', { type: 'pump' });
  const said = {
    firmware: '2.1.0',
    serial: 'P-0017',
    metrics: { pressure: { label: 'Druck', unit: 'kPa' } },
  };
  const answer = await fetch(`${HUB}/device/v1/description`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(said),
  });
  assert.equal(answer.status, 200, await answer.text());
  return id;
}

for (const theme of ['light', 'dark']) {
  for (const viewport of [WIDE, NARROW]) {
    const where = `${theme} at ${viewport.width} px`;
    test(`axe reports no violations: ${where}`, LIMIT, async (journey) => {
      const device = await onlineDevice('pump');
      const line = await wire(journey);
      const page = await openPage(browser, { base: line.url, viewport, theme });
      const name = (screen) => `${screen}-${viewport.width}-${theme}`;
      await page.goto('/fleet');
      await page.getByLabel('API key').waitFor();
      await look(page, name('sign-in'));
      await signIn(page);
      await page.locator('.grid .rows .tall [role=row]').nth(1).waitFor();
      await look(page, name('fleet'));
      await page.goto('/fleet?q=no-such-thing');
      await page.getByText('No matching devices').waitFor();
      await look(page, name('fleet-nothing'));
      await page.goto(`/devices/${device.id}`);
      await page.locator('.lane canvas').first().waitFor();
      await look(page, name('device'));
      await page.goto(`/devices/${device.id}?as=table`);
      await page.locator('.readings-table td').first().waitFor();
      await look(page, name('device-table'));
      await page.goto(`/devices/${device.id}?tab=why`);
      await page.locator('.record li').first().waitFor();
      await page.locator('.summary').first().waitFor();
      await ask(`/devices/${device.id}/commands`, { method: 'POST', body: { name: 'identify' } });
      await page.locator('.job .disclose').first().click();
      await page.locator('.timeline').waitFor();
      await look(page, name('device-why'));
      await page.goto(`/devices/${device.id}?tab=state`);
      await page.getByRole('button', { name: 'Edit desired state' }).click();
      await page.locator('.editor').waitFor();
      await look(page, name('device-state'));
      await page.goto(`/devices/${await contradicting(journey)}?tab=description`);
      await page.locator('.differences td').first().waitFor();
      await page.getByRole('button', { name: 'Show version 1' }).click();
      await page.locator('.said pre').waitFor();
      await look(page, name('device-description'));
      await page.goto('/settings/types');
      await page.locator('.types tbody tr').first().waitFor();
      await look(page, name('types'));
      await page.goto('/settings/types/pump');
      await page.getByLabel('Device type (JSON)').fill('{"strict": 1, "metrics": {"a": {}}}');
      await page.locator('.problem').waitFor();
      await look(page, name('type'));
      await page.getByRole('button', { name: 'Delete type' }).click();
      await page.getByRole('dialog').waitFor();
      await look(page, name('type-delete'));
      await page.goto(`/devices/${device.id}?as=table`);
      await page.locator('.readings-table td').first().waitFor();
      line.cut();
      await page.getByRole('alert').waitFor();
      await look(page, name('device-lost'));
      await page.context().close();
    });
  }
}
