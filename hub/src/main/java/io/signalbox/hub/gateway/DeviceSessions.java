package io.signalbox.hub.gateway;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.MetricUnits;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of the devices that are connected to one event loop, on any transport. A session
 * refers to the services through this object, so that an idle session stays small.
 *
 * <p>Threading: the event loop only.
 */
public final class DeviceSessions {
  final DeviceAdmission admission;
  final CommandService commands;
  final TwinService twins;
  final DeviceDescriptions descriptions;
  final MetricUnits units;
  final StrictDevices strict;
  final TelemetryIngest ingest;
  final GatewayEventLog eventLog;
  final RateLimiter rateLimiter;
  final Context context;
  private final Map<String, DeviceSession> sessions = new HashMap<>();

  /** The services that sessions call, the same for all event loops. */
  public record Services(
      CommandService commands,
      TwinService twins,
      DeviceDescriptions descriptions,
      MetricUnits units,
      StrictDevices strict,
      GatewayEventLog eventLog) {}

  /**
   * No sessions yet.
   *
   * @param services the services that sessions call
   * @param ingest telemetry ingest of the event loop
   */
  public DeviceSessions(
      DeviceAdmission admission,
      Services services,
      TelemetryIngest ingest,
      GatewaySettings settings) {
    this.admission = admission;
    this.commands = services.commands();
    this.twins = services.twins();
    this.descriptions = services.descriptions();
    this.units = services.units();
    this.strict = services.strict();
    this.ingest = ingest;
    this.eventLog = services.eventLog();
    this.rateLimiter = settings.rateLimiter();
    this.context = ingest.context();
  }

  /**
   * Opens a session for the device of a key; fails as {@link DeviceAdmission#openSession} does. The
   * session gets changes of its desired state from now on.
   */
  public Future<DeviceSession> open(
      @Nullable String key, Transport transport, String address, DeviceChannel channel) {
    return Contexts.resumeOn(context, admission.openSession(key, transport, address, channel))
        .map(session -> add(session, channel));
  }

  private DeviceSession add(Session opened, DeviceChannel channel) {
    DeviceSession session = new DeviceSession(this, opened, channel);
    sessions.put(opened.device(), session);
    return session;
  }

  void remove(DeviceSession ended) {
    sessions.remove(ended.device(), ended);
  }

  /** Passes a changed twin to its device, if that is connected here. */
  public void twinChanged(Event.TwinChanged change) {
    DeviceSession session = sessions.get(change.device());
    if (session != null) {
      session.desired(change.twin());
    }
  }
}
