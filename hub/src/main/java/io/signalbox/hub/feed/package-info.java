/**
 * The event feed to people and programs: cursors, filters, conflation. In come the events of the
 * bus, out go frames, encoded once per fan-out; what is kept for a viewer is bounded. One feed per
 * event loop serves the viewers of that loop.
 */
@NullMarked
package io.signalbox.hub.feed;

import org.jspecify.annotations.NullMarked;
