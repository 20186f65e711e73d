package io.signalbox.hub.wire;

import java.io.IOException;

/**
 * Reads the format of one kind of agent into readings. Made for one payload, used by one thread.
 */
interface AgentDecoder {
  /** Takes the whole payload, which the parser is at. Refuses by the field what it cannot take. */
  void read() throws IOException;
}
