package io.signalbox.hub.gateway.transport;

import java.util.List;

/**
 * Device side of a transport. When it requests commands, it confirms those that it has received.
 */
interface DeviceClient extends AutoCloseable {
  /** Ids of the next commands; makes as many requests as it takes. */
  List<String> take(int count);

  /** Sends the result {@code succeeded} of a command. */
  void succeed(String command);

  /** Closes the connection cleanly. */
  @Override
  void close();
}
