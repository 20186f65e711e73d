/** CSV of readings (RFC 4180): the time in UTC, then a column for each metric; numbers in full. */
export function csvOf(names: string[], rows: readonly (readonly [number, ...unknown[]])[]): string {
  const lines = rows.map(([ts, ...values]) => [new Date(ts).toISOString(), ...values.map(cell)]);
  return [['Time (UTC)', ...names.map(cell)], ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: unknown): string {
  const text =
    value === undefined || value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  // A text that a spreadsheet takes for a formula must not run as one; numbers may start with a minus.
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function saveFile(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name.replace(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
