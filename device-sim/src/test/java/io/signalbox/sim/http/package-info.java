@NullMarked
package io.signalbox.sim.http;

import org.jspecify.annotations.NullMarked;
