/** The hub's REST door as the simulator needs it: registering devices, and reading history back. */
@NullMarked
package io.signalbox.sim.api;

import org.jspecify.annotations.NullMarked;
