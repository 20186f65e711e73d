import { pollWay } from './poll-way';
import { post } from './post';
import { SharedLines } from './shared-lines';
import { streamWay } from './stream-way';

/** The script of the shared worker. */
const lines = new SharedLines({ stream: streamWay(post), poll: pollWay(post) });

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) {
    lines.connect(port);
  }
});
