// Fails the build if the initial JavaScript exceeds 60 KB compressed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT = 60 * 1024;
const home = process.argv[2] ?? 'target/classes/console';
const page = readFileSync(join(home, 'index.html'), 'utf8');
const first = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((found) => found[1]);
const bytes = first.reduce((sum, file) => sum + gzipSync(readFileSync(join(home, file))).length, 0);
const files = readdirSync(join(home, 'assets')).length;

console.log(
  `initial JavaScript:  ${(bytes / 1024).toFixed(1)} KB gz of ${LIMIT / 1024} allowed; ${files} assets`,
);
if (first.length < 2 || bytes > LIMIT) {
  console.error(
    'size budget exceeded, or no script found in index.html: check what was added to the first chunk',
  );
  process.exit(1);
}
