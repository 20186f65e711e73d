// A hub for one test with its own directory and port, which can be killed and restarted.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY, until } from './fixture.mjs';
import { freePort } from './free-port.mjs';

const LAUNCHER =
  process.env.SIGNALBOX_LAUNCHER ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'signalbox');

/** Starts the hub with command line settings; stops it after the test. */
export async function ownHub(journey, settings = []) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = mkdtempSync(join(tmpdir(), 'signalbox-journey-'));
  let hub = null;

  async function start() {
    hub = spawn(LAUNCHER, ['hub', '--http-port', String(port), '--data', data, ...settings], {
      env: { ...plainEnvironment(), SIGNALBOX_ADMIN_KEY: KEY },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await until(`a hub at ${url}`, () => hub.exitCode !== null || isReady(url));
    if (hub.exitCode !== null) {
      throw new Error(`the hub at ${url} ended with ${hub.exitCode}`);
    }
  }

  /** Kills the process, like a power failure. */
  async function kill() {
    if (hub.exitCode === null && hub.signalCode === null) {
      const ended = new Promise((resolve) => hub.once('exit', resolve));
      hub.kill('SIGKILL');
      await ended;
    }
  }

  await start();
  journey.after(async () => {
    await kill();
    rmSync(data, { recursive: true, force: true });
  });
  return { url, start, kill };
}

/** The hub reads SIGNALBOX_… variables as settings, so remove them. */
function plainEnvironment() {
  const isOurs = (name) => name.startsWith('SIGNALBOX_') && name !== 'SIGNALBOX_JAVA_OPTS';
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
