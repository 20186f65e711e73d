// A machine that the hub has never heard of: an irrigation valve.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  connectDevice,
  HUB,
  KEY,
  LIMIT,
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

const VALVE = {
  description: 'Irrigation valve',
  metrics: {
    flow: { label: 'Flow', unit: 'L/min', kind: 'number', decimals: 1, min: 0, max: 60, interval: 10 },
    state: { label: 'State', kind: 'enum', values: { open: 'Open', closed: 'Shut' } },
    battery: { label: 'Battery', unit: '%', kind: 'number', decimals: 0 },
    remaining: { label: 'Time left', unit: 'min', kind: 'number', decimals: 0 },
  },
  commands: {
    open: {
      label: 'Open for a while',
      params: {
        type: 'object',
        properties: {
          minutes: { title: 'Minutes', type: 'integer', unit: 'min', minimum: 1, maximum: 120 },
        },
        required: ['minutes'],
        additionalProperties: false,
      },
      reportedBy: { minutes: 'remaining' },
      undo: { name: 'close' },
    },
    close: { label: 'Shut', risk: 'disturbs', params: { type: 'object', additionalProperties: false } },
    'set-limit': {
      label: 'Limit the flow',
      params: {
        type: 'object',
        properties: { limit: { title: 'Limit', type: 'number', unit: 'L/min', minimum: 5, maximum: 60 } },
        required: ['limit'],
      },
      reportedBy: '/reported/limit',
      undo: { name: 'set-limit', params: { limit: { $before: '/reported/limit' } } },
    },
    'factory-reset': { label: 'Factory reset', risk: 'destroys' },
  },
};

/** A type name of its own for each test; the type is deleted after it. */
function typeName(journey) {
  const type = `irrigation-valve-${Date.now().toString(36)}`;
  journey.after(() => ask(`/types/${type}`, { method: 'DELETE' }).catch(() => {}));
  return type;
}

/** Readings of the valve, one every second up to now. */
function readings() {
  const now = Date.now();
  const batch = Array.from({ length: 30 }, (_, i) => ({
    ts: now - (30 - i) * 1_000,
    values: { flow: i < 10 ? 0 : 18 + i / 8, state: i < 10 ? 'closed' : 'open', battery: 87, remaining: 12 },
  }));
  return { type: 'telemetry', seq: 1, batch };
}

const job = (page, name) => page.locator(`.job[data-command=${name}]`).first();

/** Sends what the form says, and answers as the device. */
async function commandLands(page, device, name, button) {
  await page.getByRole('button', { name: button }).click();
  const { id, params } = await until(`${name} at the device`, async () => {
    const heard = await device.hears('command');
    return heard.name === name && heard;
  });
  await device.says({ type: 'result', id, status: 'succeeded' });
  await until(
    `${name} to succeed`,
    async () => (await job(page, name).getAttribute('data-state')) === 'succeeded',
  );
  await device.forgets();
  return params;
}

/** The form, the checks, the undo and the questions of a valve whose type is known. */
async function operate(page, device, id) {
  const minutes = page.getByRole('spinbutton', { name: /Minutes/ });
  await page.getByText('Currently reported: 12 min').waitFor();
  await minutes.fill('500');
  await page.getByRole('button', { name: 'Send open' }).click();
  await page.getByText('must be at most 120 min').waitFor();
  await page.getByRole('slider', { name: 'Minutes, slider' }).fill('20');
  assert.equal(await minutes.inputValue(), '20');
  await shot(page, 'command-form');
  assert.deepEqual(await commandLands(page, device, 'open', 'Send open'), { minutes: 20 });

  await page.getByRole('button', { name: 'Undo with Shut' }).click();
  const question = page.getByRole('dialog');
  await question.getByText('This disturbs the operation of the device').waitFor();
  await shot(page, 'undo');
  await commandLands(page, device, 'close', 'Send close');
  await until('the undo to be used up', async () => (await page.getByText('Undo with').count()) === 0);

  await device.says({ type: 'reported', patch: { limit: 30 } });
  await page.getByLabel('Command', { exact: true }).selectOption('set-limit');
  await page.getByText('Currently reported: 30.0 L/min').waitFor();
  await page.getByRole('spinbutton', { name: /Limit/ }).fill('12.5');
  await page.getByText('the new value is 17.5 L/min lower').waitFor();
  assert.deepEqual(await commandLands(page, device, 'set-limit', 'Send set-limit'), { limit: 12.5 });
  assert.deepEqual(await commandLands(page, device, 'set-limit', 'Undo, back to 30.0 L/min'), { limit: 30 });

  await page.getByLabel('Command', { exact: true }).selectOption('factory-reset');
  await page.getByRole('button', { name: 'Send factory-reset' }).click();
  const confirm = question.getByRole('button', { name: 'Send factory-reset' });
  assert.ok(await confirm.isDisabled());
  await question.getByLabel(/Type .* to confirm/).fill(id);
  await shot(page, 'command-destroys');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.job[data-command=factory-reset]').count(), 0);
}

test(
  'a valve nobody knows becomes one with units and command forms, in the console',
  LIMIT,
  async (journey) => {
    const type = typeName(journey);
    const { id, key } = await newDevice(journey, 'valve');
    const device = await connectDevice(browser, key);
    await device.hears('welcome');
    await device.says(readings());
    const page = await openPage(browser);
    await signIn(page, `/devices/${id}`);
    await page.locator('.lane canvas').first().waitFor();
    await page.getByRole('link', { name: 'Make a type from this device' }).click();
    await page.getByLabel(`New type, made from ${id}`).fill(type);
    await page.getByRole('button', { name: `Define ${type}` }).click();
    const text = page.getByLabel('Device type (JSON)');
    const proposed = JSON.parse(await text.inputValue());
    assert.deepEqual(
      Object.entries(proposed.metrics).map(([name, { kind }]) => [name, kind]),
      [
        ['battery', 'number'],
        ['flow', 'number'],
        ['remaining', 'number'],
        ['state', 'enum'],
      ],
    );
    assert.deepEqual(proposed.metrics.state.values, { closed: 'Closed', open: 'Open' });
    assert.equal(proposed.metrics.flow.interval, 1);
    await shot(page, 'type-proposed');

    await text.fill(JSON.stringify({ ...VALVE, strict: 'sometimes' }, null, 2));
    await page
      .getByRole('button', { name: /Line \d+, column 3.*\/strict must be one of accept, tag, refuse/ })
      .click();
    await text.fill(`${JSON.stringify(VALVE, null, 2)}}`);
    await page.getByRole('button', { name: /Invalid JSON: expected the end/ }).waitFor();
    await text.fill(JSON.stringify(VALVE, null, 2));
    await page.getByRole('button', { name: `Save ${type}` }).click();

    await page.waitForURL((url) => url.pathname === `/devices/${id}`);
    await page.locator('.lane', { hasText: 'L/min' }).first().waitFor();
    assert.equal((await ask(`/devices/${id}`)).type, type);
    const state = page.locator('.readings tr', { hasText: 'State' });
    await state.getByText('Open', { exact: true }).waitFor();
    await operate(page, device, id);
    await shot(page, 'valve');
    await page.goto(`/fleet?q=${id}`);
    await page.locator('.grid [role=row] .val', { hasText: 'L/min' }).waitFor();
    await device.close();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  },
);

/** Signs in; returns a check that the page was not loaded again since. */
async function opened(page, path) {
  await signIn(page, path);
  await page.evaluate(() => {
    globalThis.isFirst = true;
  });
  return async () => assert.ok(await page.evaluate(() => globalThis.isFirst), 'the page was loaded once');
}

/** Describes the device with one frame. */
async function describes(device, description) {
  await device.says({ type: 'describe', description });
  await device.hears('described');
}

test(
  'a valve nobody knows becomes one with units and command forms by one frame of its own',
  LIMIT,
  async (journey) => {
    const { id, key } = await newDevice(journey, 'valve');
    const device = await connectDevice(browser, key);
    await device.hears('welcome');
    await device.says(readings());
    const page = await openPage(browser);
    const assertLoadedOnce = await opened(page, `/devices/${id}`);
    await page.getByText('This device has no type').waitFor();
    const flow = page.locator('.readings tr', { hasText: 'Flow' });
    await flow.waitFor();
    assert.equal(await page.locator('.lane', { hasText: 'L/min' }).count(), 0);

    await describes(device, {
      firmware: '2.1.0',
      hardware: 'rev C',
      serial: 'V-0017',
      metrics: VALVE.metrics,
      commands: VALVE.commands,
    });
    await page.locator('.lane', { hasText: 'L/min' }).first().waitFor();
    await page.locator('.readings tr', { hasText: 'State' }).getByText('Open', { exact: true }).waitFor();
    await page.getByText('This device has no type').waitFor({ state: 'detached' });
    await device.says({ type: 'telemetry', seq: 2, values: { flow: 31.44, battery: 86 } });
    await flow.locator('.val', { hasText: '31.4' }).waitFor();
    await operate(page, device, id);
    await shot(page, 'valve-described');

    await page.getByRole('link', { name: 'Description' }).click();
    const about = page.getByRole('region', { name: 'Description' });
    for (const said of ['2.1.0', 'rev C', 'V-0017']) {
      await about.getByText(said).waitFor();
    }
    const versions = page.getByRole('region', { name: 'Versions' });
    await describes(device, { firmware: '2.2.0', metrics: VALVE.metrics, commands: VALVE.commands });
    await about.getByText('2.2.0').waitFor();
    await versions.getByRole('button', { name: 'Show version 1' }).click();
    await versions.getByText('"serial": "V-0017"').waitFor();
    await shot(page, 'valve-description');
    await assertLoadedOnce();
    await device.close();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  },
);

test('where a device and its type differ the type wins, and the page says so', LIMIT, async (journey) => {
  const type = typeName(journey);
  const flow = { label: 'Flow', unit: 'm3/h', decimals: 1 };
  await ask(`/types/${type}`, { method: 'PUT', body: { metrics: { flow } } });
  const { id, key } = await newDevice(journey, 'valve', { type });
  const device = await connectDevice(browser, key);
  await device.hears('welcome');
  await device.says(readings());
  const page = await openPage(browser);
  const assertLoadedOnce = await opened(page, `/devices/${id}?tab=description`);
  await page.getByText('This device has not described itself').waitFor();
  await shot(page, 'description-none');

  await describes(device, {
    firmware: '2.1.0',
    metrics: { flow: { unit: 'L/min' }, battery: { unit: '%' } },
    commands: { identify: { label: 'Blink' } },
  });
  const row = page.getByRole('region', { name: 'Differences' }).getByRole('row', { name: /unit/ });
  await row.waitFor();
  assert.deepEqual(await row.getByRole('cell').allInnerTexts(), ['metrics › flow › unit', 'm³/h', 'L/min']);
  await page.locator('#command option', { hasText: 'Blink' }).waitFor({ state: 'attached' });
  await page.getByRole('link', { name: 'Description 1 difference from its type' }).waitFor();
  await shot(page, 'description-differences');
  await page.getByRole('link', { name: 'Live' }).click();
  await page.locator('.lane', { hasText: 'm³/h' }).waitFor();
  await page.locator('.readings tr', { hasText: 'Battery' }).getByText('%').waitFor();
  await page.getByRole('link', { name: 'Description' }).click();

  await ask(`/types/${type}`, { method: 'PUT', body: { metrics: { flow: { ...flow, unit: 'L/min' } } } });
  await page.getByText('description and type agree').waitFor();
  await page.getByRole('link', { name: 'Live' }).click();
  await page.locator('.lane', { hasText: 'L/min' }).waitFor();
  await assertLoadedOnce();
  await device.close();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a type defined by the API is on the screen without a reload', LIMIT, async (journey) => {
  const type = typeName(journey);
  const { id, key } = await newDevice(journey, 'valve', { type });
  const device = await connectDevice(browser, key);
  await device.hears('welcome');
  await device.says(readings());
  const page = await openPage(browser);
  await signIn(page, `/devices/${id}?ch=flow`);
  await page.getByText(`The type ${type} is not defined`).waitFor();
  await ask(`/types/${type}`, { method: 'PUT', body: VALVE });
  await page.locator('.lane', { hasText: 'L/min' }).waitFor();
  await operate(page, device, id);
  await device.close();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('faults that only the hub can tell are shown at their places', LIMIT, async (journey) => {
  const type = typeName(journey);
  const page = await openPage(browser);
  await signIn(page, `/settings/types/${type}`);
  const text = page.getByLabel('Device type (JSON)');
  const open = { params: { type: 'object', properties: { minutes: { type: 'minutes' } } } };
  await text.fill(JSON.stringify({ commands: { open } }, null, 2));
  await page.getByRole('button', { name: `Save ${type}` }).click();
  await page.getByRole('alert').getByText('Not saved').waitFor();
  await page
    .getByRole('button', { name: /Line 8, column 13.*\/commands\/open\/params\/properties\/minutes\/type/ })
    .click();
  await shot(page, 'type-refused');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test(
  'versions of a type can be taken up again, and it is deleted with what that means',
  LIMIT,
  async (journey) => {
    const type = typeName(journey);
    await newDevice(journey, 'valve', { type });
    await ask(`/types/${type}`, { method: 'PUT', body: { ...VALVE, description: 'First' } });
    const page = await openPage(browser);
    await signIn(page, '/settings/types');
    await page.getByRole('link', { name: type }).click();
    const text = page.getByLabel('Device type (JSON)');
    await text.fill(JSON.stringify({ ...VALVE, description: 'Second' }, null, 2));
    await page.keyboard.press('Control+Enter');
    await page.getByText('Saved as version 2.').waitFor();

    await text.fill(JSON.stringify({ ...VALVE, description: 'Mine' }, null, 2));
    await ask(`/types/${type}`, { method: 'PUT', body: { ...VALVE, description: 'Theirs' } });
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('admin has saved version 3 in the meantime').waitFor();
    await shot(page, 'type-conflict');
    await page.getByRole('button', { name: 'Discard my changes' }).click();
    await until('their text', async () => JSON.parse(await text.inputValue()).description === 'Theirs');

    await page.getByRole('button', { name: 'Use version 1' }).click();
    await page.getByText('Version 1 is in the editor').waitFor();
    await page.getByRole('button', { name: `Save ${type}` }).click();
    await page.getByText('Saved as version 4.').waitFor();
    assert.equal((await ask(`/types/${type}`)).description, 'First');

    await page.getByText('1 device of this type').waitFor();
    await page.getByRole('button', { name: 'Delete type' }).click();
    const question = page.getByRole('dialog');
    await question.getByText(/lose labels, units and command forms/).waitFor();
    await shot(page, 'type-delete');
    await question.getByRole('button', { name: `Delete ${type}` }).click();
    await page.getByRole('heading', { level: 1, name: 'Device types' }).waitFor();
    const gone = await fetch(`${HUB}/api/v1/types/${type}`, { headers: { Authorization: `Bearer ${KEY}` } });
    assert.equal(gone.status, 404);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  },
);
