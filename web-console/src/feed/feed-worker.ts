import { pollTransport } from './poll-transport';
import { post } from './post';
import { SharedConnections } from './shared-connections';
import { sseTransport } from './sse-transport';

/** Entry point of the shared worker. */
const connections = new SharedConnections({ stream: sseTransport(post), poll: pollTransport(post) });

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) {
    connections.connect(port);
  }
});
