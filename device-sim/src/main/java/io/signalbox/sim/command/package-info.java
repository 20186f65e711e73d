/**
 * Command load generator that uses the hub's REST API, and the comparison of the hub's command
 * records with the devices' execution logs.
 */
@NullMarked
package io.signalbox.sim.command;

import org.jspecify.annotations.NullMarked;
