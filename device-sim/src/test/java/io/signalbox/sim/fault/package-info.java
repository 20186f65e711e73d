@NullMarked
package io.signalbox.sim.fault;

import org.jspecify.annotations.NullMarked;
