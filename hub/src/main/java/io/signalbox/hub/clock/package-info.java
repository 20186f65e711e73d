/**
 * Time: what a wall clock shows, and how long something takes. A leaf that every package may know;
 * nothing else in the hub asks the system for the time of day.
 */
@NullMarked
package io.signalbox.hub.clock;

import org.jspecify.annotations.NullMarked;
