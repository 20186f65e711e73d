package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The machine behind a recording: its readings were made long ago, so it can only be found. */
public final class PassiveModel implements DeviceModel {
  private static final String TYPE = "recording";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<Reading> readAt(long nowMillis) {
    return List.of();
  }

  @Override
  public CommandOutcome execute(String command, JsonNode params) {
    return command.equals("identify")
        ? DeviceModel.identify()
        : DeviceModel.unknown(TYPE, command, "identify");
  }

  @Override
  public @Nullable Map<String, Object> settled() {
    return null;
  }
}
