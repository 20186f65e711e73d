/**
 * Who the devices are ({@link io.signalbox.hub.fleet.Registry}), what they are meant to be and say
 * they are ({@link io.signalbox.hub.fleet.Twins}), and who is here now ({@link
 * io.signalbox.hub.fleet.Presences}). Every change comes out as an event on a topic. Any thread may
 * call; futures complete on any thread.
 */
@NullMarked
package io.signalbox.hub.fleet;

import org.jspecify.annotations.NullMarked;
