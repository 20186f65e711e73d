/**
 * Device models: physical models that execute commands, replayed recordings, and their readings.
 * Plain Java without a clock: callers pass the time.
 */
@NullMarked
package io.signalbox.sim.model;

import org.jspecify.annotations.NullMarked;
