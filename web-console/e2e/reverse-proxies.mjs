// Reverse proxies in front of a hub, with the configurations of docs/proxies; only addresses and certificates are replaced.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './fixture.mjs';
import { freePort } from './free-port.mjs';

const FILES = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'proxies');

/** Host name of the proxies in the browser. */
export const HOST = 'hub.test';

function published(name, hub) {
  return readFileSync(join(FILES, name), 'utf8').replaceAll('127.0.0.1:8080', new URL(hub).host);
}

function nginx({ hub, folder, http, https }) {
  const site = published('nginx.conf', hub)
    .replace('listen 80;', `listen 127.0.0.1:${http};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${https} ssl;`)
    .replaceAll('/etc/ssl/hub.lan', join(folder, 'hub'));
  writeFileSync(join(folder, 'hub.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  const main = join(folder, 'nginx.conf');
  writeFileSync(
    main,
    `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\ninclude ${folder}/hub.conf;\n}\n`,
  );
  return ['nginx', '-p', folder, '-c', main, '-e', 'stderr'];
}

function haproxy({ hub, folder, http, https }) {
  const text = published('haproxy.cfg', hub)
    .replace('bind :80', `bind 127.0.0.1:${http}`)
    .replace('bind :443', `bind 127.0.0.1:${https}`)
    .replace('/etc/haproxy/hub.lan.pem', join(folder, 'hub.pem'));
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, text);
  return ['haproxy', '-db', '-f', file];
}

function caddy({ hub, folder, http, https }) {
  const site = published('Caddyfile', hub);
  const plain = site.replace('hub.lan {', `http://${HOST}:${http} {`);
  const secure = site.replace(
    'hub.lan {',
    `https://${HOST}:${https} {\ntls ${folder}/hub.crt ${folder}/hub.key`,
  );
  const file = join(folder, 'Caddyfile');
  const settings =
    '{\nadmin off\nauto_https disable_redirects\nskip_install_trust\ndefault_bind 127.0.0.1\n}\n';
  writeFileSync(file, `${settings}${plain}${secure}`);
  return ['caddy', 'run', '--adapter', 'caddyfile', '--config', file];
}

const KINDS = { nginx, haproxy, caddy };

/** A self-signed certificate. */
function certify(folder) {
  const [key, certificate] = [join(folder, 'hub.key'), join(folder, 'hub.crt')];
  const subject = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  writeFileSync(join(folder, 'hub.pem'), readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
}

/** Starts the proxies in front of a hub that trusts 127.0.0.1; stops them after the test. */
export async function realProxy(journey, kind, hub) {
  const folder = mkdtempSync(join(tmpdir(), `signalbox-${kind}-`));
  certify(folder);
  mkdirSync(join(folder, 'home'));
  const [http, https] = [await freePort(), await freePort()];
  const [program, ...options] = KINDS[kind]({ hub, folder, http, https });
  const home = join(folder, 'home');
  const log = openSync(join(folder, 'log'), 'a');
  const proxy = spawn(program, options, {
    env: {
      ...process.env,
      PATH: `${process.env.PATH}:/usr/sbin`,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CONFIG_HOME: home,
    },
    stdio: ['ignore', log, log],
  });
  let fault = null;
  proxy.on('error', (cause) => {
    fault = `${program} cannot be started (${cause.message}); apt-get install ${program}`;
  });
  journey.after(async () => {
    if (fault === null && proxy.exitCode === null) {
      const ended = new Promise((resolve) => proxy.once('exit', resolve));
      proxy.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const isOver = () => fault !== null || proxy.exitCode !== null;
  await until(`${kind} at port ${http}`, async () => isOver() || (await isReady(http)), 60_000);
  if (isOver()) {
    throw new Error(fault ?? `${kind} ended: ${readFileSync(join(folder, 'log'), 'utf8')}`);
  }
  return { http: `http://${HOST}:${http}`, https: `https://${HOST}:${https}` };
}

async function isReady(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`, { headers: { Host: HOST } });
    return answer.status < 500;
  } catch {
    return false;
  }
}
