/**
 * How a device talks to the hub: frames and their two encodings, and the shape of a {@link
 * io.signalbox.sim.link.Link}. What happens on a link comes out as {@link
 * io.signalbox.sim.link.LinkEvent}s, so devices do not know what carries them.
 */
@NullMarked
package io.signalbox.sim.link;

import org.jspecify.annotations.NullMarked;
