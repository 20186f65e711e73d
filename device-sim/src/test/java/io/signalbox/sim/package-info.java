@NullMarked
package io.signalbox.sim;

import org.jspecify.annotations.NullMarked;
