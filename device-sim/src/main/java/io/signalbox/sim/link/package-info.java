/**
 * How a device talks to the hub: frames and their two encodings, and one thin class for each
 * transport. What happens on a link comes out as {@link io.signalbox.sim.link.LinkEvent}s, so
 * devices do not know which transport they use.
 */
@NullMarked
package io.signalbox.sim.link;

import org.jspecify.annotations.NullMarked;
