/** Opens links of every transport, so that devices do not depend on them. */
@NullMarked
package io.signalbox.sim.connector;

import org.jspecify.annotations.NullMarked;
