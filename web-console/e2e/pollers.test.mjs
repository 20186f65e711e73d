import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  HUB,
  LIMIT,
  NARROW,
  newDevice,
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

/** A device without a permanent connection, on HTTP. */
function pollingDevice(key) {
  return async (path, body) => {
    const answer = await fetch(`${HUB}/device/v1/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.status === 200 ? answer.json() : null;
  };
}

/** Power profile of a device with one contact in forty seconds. */
const POWER = { minInterval: 40_000, maxInterval: 3_600_000 };

test(
  'a sleeping device shows its next contact, and a command its expected delivery',
  LIMIT,
  async (journey) => {
    const { id, key } = await newDevice(journey, 'sleeps', { type: 'pump' });
    const poll = pollingDevice(key);
    await poll('exchange', { telemetry: { flow: 41.5 }, power: POWER });
    const page = await openPage(browser);
    await signIn(page, `/devices/${id}`);
    await page.locator('.badge').getByText('Asleep').waitFor();
    const facts = page.locator('.facts');
    await facts.getByText(/Next contact in .* s, at \d\d:\d\d:\d\d/).waitFor();
    await facts.getByText(/HTTP 127\.0\.0\.1/).waitFor();
    await page.getByText(/Asleep: delivered at the device's next contact, in/).waitFor();
    await page.getByRole('spinbutton', { name: /Target speed/ }).fill('1200');
    await page.getByRole('button', { name: 'Send set-speed' }).click();
    const job = page.locator('.job[data-command=set-speed]');
    await job.getByText(/expected in .* s/).waitFor();
    await job.getByRole('button', { name: 'Why?' }).click();
    await job.locator('.summary').waitFor();
    await shot(page, 'device-asleep');
    await page.setViewportSize(NARROW);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot(page, 'device-asleep-390-dark');
    const { commands } = await poll('exchange', { power: POWER });
    assert.deepEqual(
      commands.map(({ name, params }) => [name, params]),
      [['set-speed', { rpm: 1200 }]],
    );
    await until('the command to be sent', async () => (await job.getAttribute('data-state')) === 'sent');
    await poll('exchange', { results: [{ id: commands[0].id, status: 'succeeded' }], power: POWER });
    await until('the end', async () => (await job.getAttribute('data-state')) === 'succeeded');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  },
);

test(
  'the list shows HTTP devices and their next contact, and the recorder their polls',
  LIMIT,
  async (journey) => {
    const { id, key } = await newDevice(journey, 'visits');
    const poll = pollingDevice(key);
    await poll('exchange', { telemetry: { flow: 40.5 }, power: POWER });
    await poll('exchange', { power: POWER });
    const page = await openPage(browser);
    await signIn(page, `/fleet?q=${id}&view=asleep`);
    const row = page.locator('.grid [role=row]', { has: page.getByText(id, { exact: true }) });
    await row.getByText('Asleep').waitFor();
    await row.getByText('HTTP').waitFor();
    await row.getByText(/next in/).waitFor();
    await shot(page, 'fleet-asleep');
    await page.setViewportSize(NARROW);
    await shot(page, 'fleet-asleep-390');
    await page.goto(`/devices/${id}?tab=why`);
    await page.locator('.record [data-kind=polled]').first().waitFor();
    await shot(page, 'why-asleep');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  },
);

test('a punctual contact updates the next contact', LIMIT, async (journey) => {
  const { id, key } = await newDevice(journey, 'returns');
  const poll = pollingDevice(key);
  const power = { minInterval: 2_000, maxInterval: 2_000 };
  await poll('exchange', { power });
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}`);
  const facts = page.locator('.facts');
  await facts.getByText('Next contact').waitFor();
  const { expected } = await ask(`/devices/${id}/presence`);
  await facts.getByText('due now').waitFor();
  await poll('exchange', { power: POWER });
  await facts.getByText(/Next contact in (\d\d s|\d+ min)/).waitFor();
  assert.ok((await ask(`/devices/${id}/presence`)).expected > expected);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
