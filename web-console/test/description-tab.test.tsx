// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DescriptionTab } from '../src/device/description-tab';
import { definitions } from '../src/device-types/definitions';
import type { DeviceDescription } from '../src/device-types/device-type';
import type { Device } from '../src/hub/api-types';

const DEVICE = { id: 'valve-1', type: 'valve' } as unknown as Device;

let description: DeviceDescription;
let host: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('fetch', async (path: string) =>
    path.endsWith('/versions')
      ? Response.json({
          items: [
            {
              version: 2,
              changed: Date.now() - 60_000,
              firmware: '2.1.0',
              metrics: { flow: { unit: 'L/min' } },
            },
            { version: 1, changed: Date.now() - 3_600_000, firmware: '2.0.0' },
          ],
          next: null,
          total: 2,
        })
      : Response.json(description, { headers: { ETag: '"1"' } }),
  );
  definitions.clear();
  host = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  render(null, host);
  host.remove();
  vi.unstubAllGlobals();
});

async function open() {
  await definitions.describe('valve-1');
  await act(() => render(<DescriptionTab device={DEVICE} />, host));
  await act(() => new Promise<void>((resolve) => setTimeout(resolve, 30)));
}
const card = (name: string) => host.querySelector(`[aria-label="${name}"]`);
const cells = (row: Element) => [...row.querySelectorAll('td')].map((cell) => cell.textContent);

test('it shows versions, serial number and the differences from the type', async () => {
  description = {
    device: 'valve-1',
    type: 'valve',
    typeVersion: 3,
    described: { version: 2, changed: Date.now() - 60_000 },
    firmware: '2.1.0',
    serial: 'V-0017',
    differences: [
      { pointer: '/metrics/temperature/unit', type: 'Cel', device: '[degF]' },
      { pointer: '/metrics/a~1b/max', type: 40, device: 60 },
    ],
  };
  await open();
  const facts = [...(card('Description')?.querySelectorAll('.about > div') ?? [])].map(
    (one) => one.textContent,
  );
  expect(facts).toEqual([
    'Firmware2.1.0',
    'Hardwarenot given',
    'Serial numberV-0017',
    'Described1 min ago',
    'Typevalve, version 3',
  ]);
  expect(card('Differences')?.textContent).toContain('2; the type wins');
  expect([...(card('Differences')?.querySelectorAll('tbody tr') ?? [])].map(cells)).toEqual([
    ['metrics › temperature › unit', '°C', '°F'],
    ['metrics › a/b › max', '40', '60'],
  ]);
});

test('a version can be opened', async () => {
  description = {
    device: 'valve-1',
    described: { version: 2, changed: Date.now() },
    firmware: '2.1.0',
    differences: [],
  };
  await open();
  expect(card('Differences')).toBeNull();
  const versions = [...(card('Versions')?.querySelectorAll('li') ?? [])];
  expect(versions.map((one) => one.querySelector('.num')?.textContent)).toEqual([
    'Version 2 1 min ago, firmware 2.1.0, present',
    'Version 1 1 h ago, firmware 2.0.0',
  ]);
  const button = versions[0]?.querySelector('button');
  expect([button?.getAttribute('aria-expanded'), button?.textContent]).toEqual(['false', 'Show version 2']);
  await act(() => button?.click());
  expect(JSON.parse(card('Versions')?.querySelector('pre')?.textContent ?? '')).toEqual({
    firmware: '2.1.0',
    metrics: { flow: { unit: 'L/min' } },
  });
});

test('a device that says the same as its type, and one that has said nothing', async () => {
  description = {
    device: 'valve-1',
    type: 'valve',
    typeVersion: 3,
    described: { version: 1, changed: Date.now() },
    differences: [],
  };
  await open();
  expect(card('Differences')?.textContent).toContain('description and type agree');
  render(null, host);
  definitions.clear();
  description = { device: 'valve-1', type: 'valve', typeVersion: 3, metrics: { flow: {} }, differences: [] };
  await open();
  expect(card('Description')?.textContent).toContain('This device has not described itself');
  expect(card('Description')?.textContent).toContain('come from its type valve.');
  expect([card('Differences'), card('Versions')]).toEqual([null, null]);
});
