/** WebSocket implementation of {@link io.signalbox.sim.link.Link}. */
@NullMarked
package io.signalbox.sim.websocket;

import org.jspecify.annotations.NullMarked;
