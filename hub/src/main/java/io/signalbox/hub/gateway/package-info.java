/**
 * The device gateway, on the main HTTP port: admission, sessions, rate limits and flow control for
 * all transports. Messages of devices come in; acknowledgements, commands and desired states go
 * out; readings go to {@code telemetry}, results to {@code command}. A session lives on the event
 * loop of its connection and is used only there; admission works on any thread. How a session ended
 * is a {@link io.signalbox.hub.model.SessionEnd}, which each transport maps to its own codes.
 */
@NullMarked
package io.signalbox.hub.gateway;

import org.jspecify.annotations.NullMarked;
