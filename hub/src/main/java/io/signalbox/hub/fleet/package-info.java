/**
 * Devices: registration and keys ({@link io.signalbox.hub.fleet.DeviceRegistry}), twins ({@link
 * io.signalbox.hub.fleet.TwinService}), and sessions and presence ({@link
 * io.signalbox.hub.fleet.SessionRegistry}). Input: calls of the API and of the gateway. Output: an
 * event on a topic for every change. Ports: {@code DeviceStore}, {@code SessionStore}, {@code
 * TwinStore}. Any thread may call; futures complete on any thread.
 */
@NullMarked
package io.signalbox.hub.fleet;

import org.jspecify.annotations.NullMarked;
