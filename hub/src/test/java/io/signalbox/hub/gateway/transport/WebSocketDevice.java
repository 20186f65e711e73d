package io.signalbox.hub.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.util.ArrayList;
import java.util.List;

/** A device on a WebSocket. */
final class WebSocketDevice implements DeviceClient {
  private final RawWebSocket socket;

  WebSocketDevice(int port, String key) {
    socket =
        RawWebSocket.open(
            port,
            "/device/v1/stream",
            "Authorization: Bearer " + key,
            "Sec-WebSocket-Protocol: signalbox.v1.json");
    socket.nextMessage();
  }

  @Override
  public List<String> take(int count) {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      JsonNode frame = RunningHub.json(socket.nextMessage());
      if (frame.path("type").asText().equals("command")) {
        ids.add(frame.path("id").asText());
      }
    }
    return ids;
  }

  @Override
  public void succeed(String command) {
    socket.text("{\"type\":\"result\",\"id\":\"" + command + "\",\"status\":\"succeeded\"}");
  }

  @Override
  public void close() {
    socket.close(1000, "");
    socket.close();
  }
}
