import { defineConfig } from 'vitest/config';

const hub = process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // The hub's content security policy rejects fonts from data: URLs.
  build: {
    outDir: 'target/classes/console',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: hub, ws: true } } },
  test: {
    environment: 'node',
    include: ['test/**/*.test.{ts,tsx}'],
    // The timeout only catches hangs; tests must pass on a busy machine.
    testTimeout: 60_000,
  },
});
