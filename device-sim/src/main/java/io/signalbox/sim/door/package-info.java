/** Opens links of every kind, so that a device need not know which there are. */
@NullMarked
package io.signalbox.sim.door;

import org.jspecify.annotations.NullMarked;
