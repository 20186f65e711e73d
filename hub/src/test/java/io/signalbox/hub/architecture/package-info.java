/** The plan of the house, tested: who may know whom, how large things may be, what is not used. */
@NullMarked
package io.signalbox.hub.architecture;

import org.jspecify.annotations.NullMarked;
