@NullMarked
package io.signalbox.sim.model;

import org.jspecify.annotations.NullMarked;
