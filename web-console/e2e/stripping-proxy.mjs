// A proxy that blocks WebSockets by removing Upgrade from every request. It can also reject
// requests, buffer responses, delay requests, cut connections and be unavailable for a while.
import { Agent, request as ask, createServer } from 'node:http';
import { freePort } from './free-port.mjs';

/** Starts a proxy in front of a hub on a free port; returns functions that control it. */
export async function stripUpgrades(hub) {
  const to = new URL(hub);
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set();
  /** Paths of unfinished requests. */
  const underWay = new Map();
  const state = { buffers: false, delay: 0, refuses: () => false, stripped: 0 };
  const server = createServer((near, answer) => {
    if (state.refuses(near)) {
      refuse(answer);
    } else {
      setTimeout(() => forward(near, answer), state.delay);
    }
  });
  server.on('request', (near, answer) => {
    underWay.set(answer, near.url);
    answer.on('close', () => underWay.delete(answer));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  // Without an upgrade listener, Node passes upgrades on as plain requests.
  const shakeHands = (near, socket, head) => tunnel(near, socket, head);

  function plainHeaders(near) {
    const { connection, upgrade, 'transfer-encoding': chunked, ...headers } = near.headers;
    state.stripped += upgrade ? 1 : 0;
    return headers;
  }

  function refuse(answer) {
    if (answer.headersSent) {
      answer.destroy();
    } else {
      answer.writeHead(502, { Connection: 'close' }).end();
    }
  }

  function options(near, headers) {
    return { host: to.hostname, port: to.port, method: near.method, path: near.url, headers };
  }

  function forward(near, answer) {
    const far = ask({ ...options(near, plainHeaders(near)), agent });
    far.on('error', () => refuse(answer));
    answer.on('close', () => far.destroy());
    far.on('response', (reply) => pass(reply, answer));
    near.pipe(far);
  }

  function pass(reply, answer) {
    const { connection, 'transfer-encoding': chunked, ...headers } = reply.headers;
    reply.on('error', () => answer.destroy());
    answer.writeHead(reply.statusCode, headers);
    if (state.buffers) {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () => answer.end(Buffer.concat(parts)));
    } else {
      answer.flushHeaders();
      reply.pipe(answer);
    }
  }

  function tunnel(near, socket, head) {
    const far = ask(options(near, near.headers));
    far.on('error', () => socket.destroy());
    far.on('response', (refused) => {
      socket.end(`HTTP/1.1 ${refused.statusCode} Refused\r\nConnection: close\r\n\r\n`);
    });
    far.on('upgrade', (reply, beyond, first) => {
      const lines = reply.rawHeaders.map((word, i) => (i % 2 ? `${word}\r\n` : `${word}: `));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      socket.write(first);
      beyond.write(head);
      beyond.on('error', () => socket.destroy());
      beyond.on('close', () => socket.destroy());
      socket.on('close', () => beyond.destroy());
      socket.pipe(beyond).pipe(socket);
    });
    far.end();
  }

  function listen(port) {
    return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  function cut() {
    for (const socket of sockets) {
      socket.destroy();
    }
  }

  const port = await freePort();
  await listen(port);
  return {
    url: `http://127.0.0.1:${port}`,
    /** Number of removed upgrades. */
    stripped: () => state.stripped,
    /** Number of unfinished requests for a path. */
    underWay: (path) => [...underWay.values()].filter((url) => path.test(url)).length,
    /** Allows or blocks upgrades; blocked initially. */
    letUpgradesPass: (pass) => {
      server.off('upgrade', shakeHands);
      if (pass) {
        server.on('upgrade', shakeHands);
      }
    },
    /** Buffers responses until complete; an event stream never is. */
    buffer: (whole) => {
      state.buffers = whole;
    },
    /** Answers matching requests with 502 without forwarding them. */
    refuse: (which) => {
      state.refuses = which;
    },
    /** Delays every request, in milliseconds. */
    delay: (millis) => {
      state.delay = millis;
    },
    /** Cuts all connections; accepts new ones. */
    cut,
    /** Cuts all connections and accepts none. */
    stop: () => {
      const stopped = new Promise((resolve) => server.close(resolve));
      cut();
      return stopped;
    },
    /** Listens again at the same address. */
    restart: () => listen(port),
    close: () => {
      server.close();
      cut();
      agent.destroy();
    },
  };
}
