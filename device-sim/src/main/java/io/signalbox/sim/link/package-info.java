/**
 * Frames, their two encodings, and the {@link io.signalbox.sim.link.Link} interface. Links report
 * {@link io.signalbox.sim.link.LinkEvent}s, so devices do not depend on a transport.
 */
@NullMarked
package io.signalbox.sim.link;

import org.jspecify.annotations.NullMarked;
