/**
 * Clocks: wall time and elapsed time. Input: the system clock, read by one timer per second.
 * Output: wall time, monotonic time and stamps, on any thread. No dependencies; no other package
 * asks the system for the time of day.
 */
@NullMarked
package io.signalbox.hub.clock;

import org.jspecify.annotations.NullMarked;
