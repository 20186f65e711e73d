// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../src/app/app-state';
import { definitions } from '../src/device-types/definitions';
import { drafts } from '../src/settings/type-drafts';
import { TypeScreen } from '../src/settings/type-screen';
import { TypesScreen } from '../src/settings/types-screen';

interface Version {
  version: number;
  document: object;
}

let versions: Version[];
let asked: { method: string; path: string; body?: unknown; headers: Record<string, string> }[];
let refusal: Response | null;
let host: HTMLElement;

const METRICS = { flow: { unit: 'L/min', kind: 'number' } };

/** A hub with one type, and a device that has sent flow. */
function answer(path: string, method: string, body: string | undefined): Response {
  const stored = ({ version, document }: Version) => ({
    type: 'valve',
    version,
    changed: Date.now(),
    by: 'admin',
    ...document,
  });
  const latest = versions[0];
  const tagged = (version: Version) =>
    Response.json(stored(version), { headers: { ETag: `"${version.version}"` } });
  switch (`${method} ${path.replace(/\?.*/, '').replace('/api/v1', '')}`) {
    case 'GET /types':
      return Response.json({ items: versions.slice(0, 1).map(stored), next: null, total: 1 });
    case 'GET /types/valve/versions':
      return Response.json({ items: versions.map(stored), next: null });
    case 'GET /types/valve':
      return latest ? tagged(latest) : new Response('{}', { status: 404 });
    case 'PUT /types/valve': {
      if (refusal) {
        return refusal;
      }
      const next = { version: (latest?.version ?? 0) + 1, document: JSON.parse(body ?? '') as object };
      versions.unshift(next);
      return tagged(next);
    }
    case 'DELETE /types/valve':
      versions = [];
      return new Response(null, { status: 204 });
    case 'GET /devices':
      return Response.json({ items: [], next: null, total: 3 });
    case 'GET /devices/valve-7/telemetry/latest':
      return Response.json({ metrics: { flow: { ts: 1000, value: 1.5 } } });
    case 'GET /devices/valve-7/telemetry':
      return Response.json({ metric: 'flow', points: [[1000, 1.5]] });
    case 'GET /devices/valve-7/commands':
      return Response.json({ items: [], next: null });
    default:
      return Response.json({ id: 'valve-7' });
  }
}

beforeEach(() => {
  versions = [{ version: 1, document: { metrics: METRICS } }];
  asked = [];
  refusal = null;
  vi.stubGlobal('fetch', async (path: string, init: { method: string; body?: string; headers: never }) => {
    asked.push({
      method: init.method,
      path,
      body: init.body && JSON.parse(init.body),
      headers: init.headers,
    });
    return answer(path, init.method, init.body);
  });
  definitions.clear();
  session.value = { name: 'admin', keyId: 'k', scopes: ['admin'], expires: 0 };
  host = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  render(null, host);
  drafts.clear();
  host.remove();
  session.value = null;
  vi.unstubAllGlobals();
});

const settled = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 30)));
async function open(from = '') {
  await act(() => render(<TypeScreen name="valve" query={{ from }} />, host));
  await settled();
}
const $ = <E extends HTMLElement>(selector: string) => host.querySelector(selector) as E;
const text = () => $<HTMLTextAreaElement>('#type-text');
async function type(field: HTMLInputElement | HTMLTextAreaElement, value: string) {
  await act(() => {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
async function press(label: string) {
  const button = [...host.querySelectorAll('button')].find((one) => one.textContent?.startsWith(label));
  await act(() => (button?.type === 'submit' ? button.form?.requestSubmit() : button?.click()));
  await settled();
}
const puts = () => asked.filter(({ method }) => method === 'PUT');

test('a type is edited, saved on its version, and an old version taken up again', async () => {
  await open();
  expect(JSON.parse(text().value)).toEqual({ metrics: METRICS });
  await type(text(), '{"description": "Second"}');
  await press('Save valve');
  expect(puts()).toMatchObject([{ body: { description: 'Second' }, headers: { 'If-Match': '"1"' } }]);
  expect(host.textContent).toContain('Saved as version 2.');
  await settled();
  await press('Use version 1');
  expect(JSON.parse(text().value)).toEqual({ metrics: METRICS });
  await press('Save valve');
  expect(puts().at(-1)).toMatchObject({ body: { metrics: METRICS }, headers: { 'If-Match': '"2"' } });
});

test('the table of metrics writes the text', async () => {
  await open();
  await type($('[aria-label="Unit of flow"]'), 'm3/h');
  await type($('[aria-label="Decimals of flow"]'), '2');
  expect(JSON.parse(text().value)).toEqual({
    metrics: { flow: { unit: 'm3/h', kind: 'number', decimals: 2 } },
  });
  expect($('[aria-label=Outline]').textContent).toContain('m³/h');
  await type($('[aria-label="Decimals of flow"]'), '');
  await press('Remove flow');
  expect(JSON.parse(text().value)).toEqual({ metrics: {} });
  await press('Add metric');
  await press('Add command');
  expect(JSON.parse(text().value)).toMatchObject({ metrics: { metric: {} }, commands: { command: {} } });
});

test('mistakes are told while typing, and nothing is sent that is not JSON', async () => {
  await open();
  await type(text(), '{"strict": "sometimes"}');
  expect($('.problems').textContent).toContain('Line 1, column 2/strict must be one of accept, tag, refuse');
  await type(text(), '{"metrics": }');
  expect($('.problems').textContent).toContain('Invalid JSON: expected a value');
  await press('Save valve');
  expect([puts().length, $('[role=alert]').textContent]).toEqual([0, 'Not saved: invalid JSON.']);
});

test('faults that the hub finds are shown at their lines', async () => {
  await open();
  const errors = [{ pointer: '/commands/open/params/minimum', detail: 'must be a number, is "x"' }];
  refusal = Response.json({ detail: 'no', errors }, { status: 400 });
  await type(text(), '{\n"commands": {\n"open": {"params": {"minimum": "x"}}}}');
  await press('Save valve');
  expect($('.problems').textContent).toContain('Line 3, column 21');
  expect($('.problems').textContent).toContain('must be a number, is "x"');
});

test('a change by somebody else is not overwritten unasked', async () => {
  await open();
  versions.unshift({ version: 2, document: { description: 'Theirs' } });
  refusal = Response.json({ detail: 'changed' }, { status: 412 });
  await type(text(), '{"description": "Mine"}');
  await press('Save valve');
  expect($('.banner').textContent).toContain('admin has saved version 2 in the meantime.');
  refusal = null;
  await press('Save mine');
  expect(puts().at(-1)).toMatchObject({ body: { description: 'Mine' }, headers: { 'If-Match': '"2"' } });
  expect($('.banner')).toBeNull();
});

test('following a link does not lose what was typed', async () => {
  await open();
  await type(text(), '{"description": "Mine"}');
  render(null, host);
  await open();
  expect(JSON.parse(text().value)).toEqual({ description: 'Mine' });
  render(null, host);
  versions.unshift({ version: 2, document: { description: 'Theirs' } });
  await open();
  expect($('.banner').textContent).toContain('admin has saved version 2 in the meantime.');
  await press('Discard my changes');
  expect(JSON.parse(text().value)).toEqual({ description: 'Theirs' });
  render(null, host);
  await open();
  expect([$('.banner'), JSON.parse(text().value)]).toEqual([null, { description: 'Theirs' }]);
});

test('a type is made from a device, which gets it', async () => {
  versions = [];
  await open('valve-7');
  expect(JSON.parse(text().value)).toEqual({
    metrics: { flow: { label: 'Flow', kind: 'number', decimals: 1 } },
  });
  await press('Save valve');
  expect(puts()).toMatchObject([{ headers: { 'If-None-Match': '*' } }]);
  expect(asked.find(({ method }) => method === 'PATCH')).toMatchObject({
    path: '/api/v1/devices/valve-7',
    body: { type: 'valve' },
  });
  expect(location.pathname).toBe('/devices/valve-7');
});

test('deleting says what it means first', async () => {
  await open();
  await press('Delete type');
  expect($('dialog').textContent).toContain('3 devices of this type keep their readings');
  await press('Cancel');
  expect(asked.some(({ method }) => method === 'DELETE')).toBe(false);
  await press('Delete type');
  await press('Delete valve');
  expect(asked.find(({ method }) => method === 'DELETE')?.headers).toMatchObject({ 'If-Match': '"1"' });
  expect(location.pathname).toBe('/settings/types');
});

test('types are listed, and a reader cannot change them', async () => {
  session.value = { name: 'viewer', keyId: 'k', scopes: ['devices:read'], expires: 0 };
  await act(() => render(<TypesScreen query={{ from: '' }} />, host));
  await settled();
  expect($('.types a').getAttribute('href')).toBe('/settings/types/valve');
  expect($('#new-type')).toBeNull();
  versions = [];
  render(null, host);
  await act(() => render(<TypesScreen query={{ from: '' }} />, host));
  await settled();
  expect(host.textContent).toContain('No device types yet');
  versions = [{ version: 1, document: {} }];
  await open();
  expect([text().readOnly, host.textContent?.includes('Save valve')]).toEqual([true, false]);
});

test('what happens to readings that do not fit is chosen by its meaning', async () => {
  await open();
  const radio = (strict: string) => $<HTMLInputElement>(`#strict-${strict}`);
  expect(radio('accept').checked).toBe(true);
  expect($('.choices').textContent).toContain('Stored and marked with the reason');
  await act(() => radio('tag').click());
  expect(JSON.parse(text().value)).toEqual({ metrics: METRICS, strict: 'tag' });
  await act(() => radio('refuse').click());
  await press('Save valve');
  expect(puts()).toMatchObject([{ body: { metrics: METRICS, strict: 'refuse' } }]);
  await type(text(), '{"strict": 12345678901234567890}');
  expect($('.choices')).toBeNull();
});
