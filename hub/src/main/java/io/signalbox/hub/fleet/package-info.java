/**
 * Devices: registration and keys ({@link io.signalbox.hub.fleet.DeviceRegistry}), twins ({@link
 * io.signalbox.hub.fleet.TwinService}), what devices say of themselves ({@link
 * io.signalbox.hub.fleet.DeviceDescriptions}) together with their types ({@link
 * io.signalbox.hub.fleet.TypedDevices}), the devices whose type is strict about readings ({@link
 * io.signalbox.hub.fleet.StrictDevices}), the sessions of this node ({@link
 * io.signalbox.hub.fleet.SessionRegistry}) and the presence of all devices ({@link
 * io.signalbox.hub.fleet.PresenceIndex}). Input: calls of the API and of the gateway. Output: an
 * event on a topic for every change. Ports: {@code DeviceStore}, {@code SessionStore}, {@code
 * TwinStore}, {@code DescriptionStore}. Any thread may call; futures complete on any thread.
 */
@NullMarked
package io.signalbox.hub.fleet;

import org.jspecify.annotations.NullMarked;
