/** Opens links of every kind, so that a device need not know which there are. */
@NullMarked
package io.signalbox.sim.connector;

import org.jspecify.annotations.NullMarked;
