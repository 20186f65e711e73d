/**
 * The composition root: reads the configuration, builds the rooms by hand, opens the listeners and
 * closes all in reverse order.
 */
@NullMarked
package io.signalbox.hub;

import org.jspecify.annotations.NullMarked;
