// The launcher and its class archives, on a copy of the build.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LIMIT } from './fixture.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const FROM_ARCHIVE = /shared objects file \(top\)/g;

function copyOfBuild(journey) {
  const copy = mkdtempSync(join(tmpdir(), 'signalbox-launcher-'));
  journey.after(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(join(ROOT, 'signalbox'), join(copy, 'signalbox'));
  for (const module of ['hub', 'device-sim']) {
    const target = join(ROOT, module, 'target');
    for (const name of readdirSync(target).filter((one) => /^lib$|\.jar$|\.jsa$/.test(one))) {
      cpSync(join(target, name), join(copy, module, 'target', name), {
        recursive: true,
        preserveTimestamps: true,
      });
    }
  }
  return copy;
}

/** Output of a start, and the number of classes loaded from the archive. */
function start(copy, ...args) {
  const loaded = join(copy, 'loaded.txt');
  const said = execFileSync(join(copy, 'signalbox'), args, {
    env: { ...process.env, SIGNALBOX_JAVA_OPTS: `-Xlog:class+load:file=${loaded}` },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { said, archived: readFileSync(loaded, 'utf8').match(FROM_ARCHIVE)?.length ?? 0 };
}

test('hub and simulator load classes from the archive of the build', LIMIT, (journey) => {
  const copy = copyOfBuild(journey);
  for (const module of ['hub', 'sim']) {
    const { said, archived } = start(copy, module, '--version');
    assert.match(said, new RegExp(`^signalbox ${module} \\S+\\n$`));
    assert.ok(archived > 10, `${archived} classes of ${module}`);
  }
});

test('the archive of a changed jar is ignored silently', LIMIT, (journey) => {
  const copy = copyOfBuild(journey);
  const jar = readdirSync(join(copy, 'hub', 'target')).find((name) => name.endsWith('.jar'));
  // Older than the archive, so that the launcher uses it: the JVM itself must detect the change.
  utimesSync(join(copy, 'hub', 'target', jar), new Date(2001, 0), new Date(2001, 0));
  const { said, archived } = start(copy, 'hub', '--version');
  assert.match(said, /^signalbox hub \S+\n$/);
  assert.equal(archived, 0);
});
