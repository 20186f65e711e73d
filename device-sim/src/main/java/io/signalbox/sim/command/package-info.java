/**
 * A program that gives commands through the hub's REST door, knows what became of each, and at the
 * end holds what the hub says of them against what the devices did.
 */
@NullMarked
package io.signalbox.sim.command;

import org.jspecify.annotations.NullMarked;
