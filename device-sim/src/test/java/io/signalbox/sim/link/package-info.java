@NullMarked
package io.signalbox.sim.link;

import org.jspecify.annotations.NullMarked;
