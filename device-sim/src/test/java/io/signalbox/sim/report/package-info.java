@NullMarked
package io.signalbox.sim.report;

import org.jspecify.annotations.NullMarked;
