@org.jspecify.annotations.NullMarked
package io.signalbox.sim.command;
