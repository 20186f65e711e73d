import { defineConfig } from 'vitest/config';

const hub = process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // A data: URL would be refused as a font by the hub's content security policy.
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
    // A limit for what hangs, not for a machine that is busy with other things.
    testTimeout: 60_000,
  },
});
