@NullMarked
package io.signalbox.sim.device;

import org.jspecify.annotations.NullMarked;
