package io.signalbox.hub.gateway.transport;

import java.util.List;

/**
 * A device's end of a transport. Where it asks for commands it names those that it has received.
 */
interface DeviceClient extends AutoCloseable {
  /** The ids of the next commands, so many; asks as often as it takes. */
  List<String> take(int count);

  /** Answers a command. */
  void succeed(String command);

  /** Ends the connection in good order. */
  @Override
  void close();
}
