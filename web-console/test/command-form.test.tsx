// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Series } from '../src/chart/series';
import { StateSpans } from '../src/chart/state-spans';
import { CommandForm } from '../src/command-form/command-form';
import type { DeviceFeed } from '../src/device/device-feed';
import { definitions } from '../src/device-types/definitions';
import type { DeviceType } from '../src/device-types/device-type';
import type { Device } from '../src/hub/api-types';
import { ApiError } from '../src/hub/rest';

const VALVE: DeviceType = {
  metrics: { remaining: { unit: 'min', decimals: 0 } },
  commands: {
    open: {
      label: 'Open valve',
      params: {
        type: 'object',
        properties: {
          minutes: { title: 'Minutes', type: 'integer', unit: 'min', minimum: 1, maximum: 120 },
          mode: { enum: ['drip', 'spray'], values: { drip: 'Drip' } },
        },
        required: ['minutes'],
      },
      reportedBy: { minutes: 'remaining' },
      ttl: 600,
    },
    plan: {
      params: {
        type: 'object',
        properties: {
          zones: {
            type: 'array',
            maxItems: 2,
            items: {
              type: 'object',
              properties: { name: { type: 'string' }, drip: { type: 'boolean' } },
              required: ['name'],
            },
          },
          note: { anyOf: [{ type: 'object' }, { type: 'null' }] },
        },
      },
    },
    close: { risk: 'disturbs' },
    'factory-reset': { risk: 'destroys' },
  },
};
const DEVICE: Device = {
  id: 'valve-7',
  name: 'North field',
  type: 'valve',
  enabled: true,
  created: 0,
  presence: { state: 'online', since: 0 },
};

const send = vi.fn();
let host: HTMLElement;

beforeEach(async () => {
  vi.stubGlobal('fetch', async () => Response.json(VALVE, { headers: { ETag: '"1"' } }));
  definitions.clear();
  await definitions.ready(['valve']);
  send.mockReset();
  send.mockResolvedValue({});
  const latest = { ts: Date.now(), value: 12 };
  const channel = { metric: 'remaining', unit: '', latest, series: new Series(), states: new StateSpans() };
  const feed = { channels: new Map([['remaining', channel]]), commands: { send } } as unknown as DeviceFeed;
  host = document.body.appendChild(document.createElement('div'));
  await act(() => render(<CommandForm feed={feed} device={DEVICE} />, host));
});
afterEach(() => {
  render(null, host);
  host.remove();
  vi.unstubAllGlobals();
});

const $ = <E extends HTMLElement>(selector: string) => host.querySelector(selector) as E;
const labelled = (text: string) => {
  const label = [...host.querySelectorAll('label')].find((one) => one.textContent?.startsWith(text));
  return document.getElementById(label?.getAttribute('for') ?? '') as HTMLInputElement;
};

async function type(field: HTMLInputElement, value: string, event = 'input') {
  await act(() => {
    field.value = value;
    field.dispatchEvent(new Event(event, { bubbles: true }));
  });
}
const choose = (name: string) => type(labelled('Command'), name, 'change');
const submit = () =>
  act(async () => {
    $('form.cmd').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
const press = (text: string) =>
  act(() => [...host.querySelectorAll('button')].find((one) => one.textContent?.startsWith(text))?.click());

test('the form comes from the schema: unit, range, slider, choices and what is reported now', async () => {
  expect(host.textContent).toContain('1 to 120 min');
  expect(host.textContent).toContain('Currently reported: 12 min');
  const slider = $<HTMLInputElement>('input[type=range]');
  expect([slider.min, slider.max, slider.step, slider.getAttribute('aria-label')]).toEqual([
    '1',
    '120',
    '1',
    'Minutes, slider',
  ]);
  await type(slider, '20');
  expect(labelled('Minutes').value).toBe('20');
  expect(host.textContent).toContain('the new value is 8 min higher');
  expect([...labelled('Mode').querySelectorAll('option')].map((option) => option.textContent)).toEqual([
    'Not set',
    'Drip',
    'spray',
  ]);
  await submit();
  expect(send.mock.calls[0]?.slice(0, 3)).toEqual(['open', { minutes: 20 }, 600]);
});

test('a value that does not fit is told at its field before anything is sent', async () => {
  await submit();
  expect(host.textContent).toContain('is missing');
  await type(labelled('Minutes'), '500');
  expect(host.textContent).not.toContain('is missing');
  await submit();
  expect(host.textContent).toContain('must be at most 120 min');
  expect(labelled('Minutes').getAttribute('aria-invalid')).toBe('true');
  expect(send).not.toHaveBeenCalled();
});

test('faults that the hub finds are shown at their fields, and the input stays', async () => {
  const errors = [{ pointer: '/minutes', detail: 'must be at most 60 on Sundays, is 90' }];
  send.mockRejectedValue(new ApiError(422, 'invalid-params', 'no', 'no', undefined, undefined, errors));
  await type(labelled('Minutes'), '90');
  await submit();
  expect(host.textContent).toContain('must be at most 60 on Sundays, is 90');
  expect($('[role=alert]').textContent).toBe('One value does not fit.');
  expect(labelled('Minutes').value).toBe('90');
});

test('the form and its JSON are two views of one thing', async () => {
  await type(labelled('Minutes'), '20');
  await press('Edit as JSON');
  const text = labelled('Parameters (JSON)');
  expect(JSON.parse(text.value)).toEqual({ minutes: 20 });
  await type(text, '{"minutes": 30, "zone": 4}');
  await press('Edit as form');
  expect(host.textContent).toContain('The form cannot show all of this.');
  await type(text, '{"minutes":');
  await submit();
  expect(host.textContent).toContain('Line 1, column 12');
  await type(labelled('Parameters (JSON)'), '{"minutes": 30}');
  await press('Edit as form');
  expect(labelled('Minutes').value).toBe('30');
});

test('a command that disturbs is asked about, one that destroys wants the name of the device', async () => {
  await choose('close');
  await submit();
  expect(send).not.toHaveBeenCalled();
  expect($('dialog').textContent).toContain('close: North field?');
  await press('Cancel');
  expect($('dialog')).toBeNull();
  await choose('factory-reset');
  await submit();
  const confirm = () => [...$('dialog').querySelectorAll('button')].find((one) => one.type === 'submit');
  expect(confirm()?.disabled).toBe(true);
  await type(labelled('Type'), 'north field');
  expect(confirm()?.disabled).toBe(true);
  await type(labelled('Type'), 'North field');
  expect(confirm()?.disabled).toBe(false);
  await act(async () => {
    $('dialog form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
  expect(send.mock.calls[0]?.slice(0, 2)).toEqual(['factory-reset', {}]);
});

test('nested objects and arrays have fields, what lies beyond is JSON', async () => {
  await choose('plan');
  await press('Add zones');
  await press('Add zones');
  expect([...host.querySelectorAll('legend')].map((legend) => legend.textContent)).toEqual([
    'Zones optional',
    '1',
    '2',
  ]);
  expect([...host.querySelectorAll('button')].find((one) => one.textContent === 'Add zones')?.disabled).toBe(
    true,
  );
  const [north, south] = [...host.querySelectorAll<HTMLInputElement>('input[type=text]')];
  await type(south as HTMLInputElement, 'South');
  await type(labelled('Note'), '{"by": ');
  await submit();
  expect(host.textContent).toContain('is missing');
  expect(north?.getAttribute('aria-invalid')).toBe('true');
  expect(host.textContent).toContain('Line 1, column 8');
  await press('Remove Zones 1');
  await type(labelled('Note'), '{"by": "me"}');
  await act(() => $<HTMLInputElement>('input[type=checkbox]').click());
  await submit();
  expect(send.mock.calls[0]?.slice(0, 2)).toEqual([
    'plan',
    { zones: [{ name: 'South', drip: true }], note: { by: 'me' } },
  ]);
});

test('any other command is sent by name', async () => {
  await choose('');
  await submit();
  expect(host.textContent).toContain('Enter a command name.');
  await type(labelled('Name'), 'identify');
  await type(labelled('Parameters (JSON)'), '[1]');
  await submit();
  expect(host.textContent).toContain('must be a JSON object');
  await type(labelled('Parameters (JSON)'), '{"for": 3}');
  await submit();
  expect(send.mock.calls[0]?.slice(0, 3)).toEqual(['identify', { for: 3 }, 3600]);
});
