import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, LIMIT, onlineDevice, openBrowser, openPage, shot, signIn, until } from './fixture.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Rows of the chart's table: times and values, newest first. */
async function tableTimes(page) {
  const cells = await page.locator('.readings-table tbody tr td:first-child').allInnerTexts();
  return cells;
}

test('the chart shows history at once and adds live points without duplicates', LIMIT, async () => {
  const device = await onlineDevice('thermostat');
  const page = await openPage(browser);
  await signIn(page, `/devices/${device.id}?range=5m&ch=temperature`);
  await page.locator('.lane canvas').waitFor();
  await page.locator('.lane .val', { hasText: '°C' }).waitFor();
  await page.keyboard.press('t');
  const first = await until('history in the table', async () => {
    const times = await tableTimes(page);
    return times.length >= 3 && times;
  });
  const joined = await until('live points on top of history', async () => {
    const times = await tableTimes(page);
    return times.indexOf(first[0]) >= 3 && times;
  });
  assert.equal(new Set(joined).size, joined.length, 'a point is there once');
  const oldest = joined.indexOf(first[0]);
  assert.deepEqual(joined.slice(oldest, oldest + 3), first.slice(0, 3), 'what was there stays in its place');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Space pauses the chart but not the data, and the view is in the URL', LIMIT, async () => {
  const device = await onlineDevice('pump');
  const page = await openPage(browser);
  await signIn(page, `/devices/${device.id}`);
  await page.locator('.lane canvas').first().waitFor();
  await page.keyboard.press('Space');
  await page.getByText(/Paused; \d+ new readings/).waitFor();
  await page.waitForURL(/pause=/);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /Pause/ }).waitFor();
  await page.getByRole('button', { name: '30 min' }).click();
  await page.getByRole('checkbox', { name: 'Show Pressure in the chart' }).check();
  await page.waitForURL(/range=30m&ch=.*pressure/);
  await page.locator('.lane').nth(3).waitFor();
  const lane = page.locator('.lane .u-over').first();
  const box = await lane.boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/from=.*to=/);
  await page.mouse.move(5, 500);
  await page.keyboard.press('0');
  await page.waitForURL((url) => !url.searchParams.has('from'));
  await shot(page, 'device-wide');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a command shows its steps live: Queued, Sent, Accepted, Succeeded', LIMIT, async () => {
  const device = await onlineDevice('thermostat');
  const page = await openPage(browser);
  await signIn(page, `/devices/${device.id}`);
  const target = 15 + Math.floor(Math.random() * 10);
  await page.getByRole('spinbutton', { name: /Target temperature/ }).fill(String(target));
  await page.keyboard.press('Control+Enter');
  const job = page.locator('.job[data-command=set-target]').first();
  await job.getByText(`celsius ${target}`).waitFor();
  await until('the command to be taken', async () => {
    return ['accepted', 'succeeded'].includes(await job.getAttribute('data-state'));
  });
  await shot(page, 'command-lands');
  const blink = page.locator('.job[data-command=identify]').first();
  await page.getByLabel('Command', { exact: true }).selectOption('identify');
  await page.getByRole('button', { name: 'Send identify' }).click();
  await until('identify to succeed', async () => (await blink.getAttribute('data-state')) === 'succeeded');
  assert.match(await blink.locator('.steps').innerText(), /Queued[\s\S]*Sent[\s\S]*ms[\s\S]*Succeeded/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a rejected command shows the reason', LIMIT, async () => {
  const device = await onlineDevice('pump');
  const page = await openPage(browser);
  await signIn(page, `/devices/${device.id}`);
  await page.getByLabel('Command', { exact: true }).selectOption('');
  await page.getByLabel('Name').fill('sing');
  await page.getByLabel('Parameters (JSON)').fill('{"song":');
  await page.getByRole('button', { name: 'Send sing' }).click();
  await page.getByText('Invalid JSON').waitFor();
  await page.getByLabel('Parameters (JSON)').fill('{"song":"Valse"}');
  await page.getByRole('button', { name: 'Send sing' }).click();
  const job = page.locator('.job[data-command=sing]').first();
  await until('an ending', async () => ['failed', 'rejected'].includes(await job.getAttribute('data-state')));
  assert.ok((await job.locator('.why').innerText()).length > 3);
  await page.context().close();
});

test('a command to an offline device waits in the queue and can be cancelled', LIMIT, async () => {
  const id = `away-${Date.now().toString(36)}`;
  await ask('/devices', { method: 'POST', body: { id, type: 'pump', name: 'Never connected' } });
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}`);
  await page.getByText('queued until the device connects').waitFor();
  await page.getByText('No readings yet').waitFor();
  await page.getByRole('spinbutton', { name: /Target speed/ }).fill('1200');
  await page.getByRole('button', { name: 'Send set-speed' }).click();
  const job = page.locator('.job[data-command=set-speed]').first();
  await until('the queue', async () => (await job.getAttribute('data-state')) === 'queued');
  await shot(page, 'command-queued');
  await job.getByRole('button', { name: 'Cancel set-speed' }).click();
  await until('the end', async () => (await job.getAttribute('data-state')) === 'cancelled');
  assert.deepEqual(page.faults, []);
  await page.context().close();
  await ask(`/devices/${id}`, { method: 'DELETE' });
});

test('an unknown device is reported as not found', LIMIT, async () => {
  const page = await openPage(browser);
  await signIn(page, '/devices/no-such-device');
  await page.getByText('Device not found').waitFor();
  await page.context().close();
});
