package io.signalbox.hub.wire;

import java.io.IOException;

/** Decoder of one agent's payload format. One instance decodes one payload, on one thread. */
interface AgentDecoder {
  /** Decodes the whole payload, at which the parser stands; a refusal names the field. */
  void read() throws IOException;
}
