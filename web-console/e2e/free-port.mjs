import { createServer } from 'node:net';

const FIRST = 20_000;
/** Linux assigns ports from here by itself (net.ipv4.ip_local_port_range). */
const LIMIT = 32_768;

/**
 * A port for a server that listens later, or again after a restart: the kernel gives it neither to
 * an outgoing connection nor to a server that listens on port 0.
 */
export async function freePort() {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LIMIT - FIRST));
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`no free port from ${FIRST} to ${LIMIT - 1}`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
