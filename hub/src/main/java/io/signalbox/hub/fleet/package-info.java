/**
 * Who the devices are ({@link io.signalbox.hub.fleet.DeviceRegistry}), what they are meant to be
 * and say they are ({@link io.signalbox.hub.fleet.TwinService}), and who is here now ({@link
 * io.signalbox.hub.fleet.SessionRegistry}). Every change comes out as an event on a topic. Any
 * thread may call; futures complete on any thread.
 */
@NullMarked
package io.signalbox.hub.fleet;

import org.jspecify.annotations.NullMarked;
