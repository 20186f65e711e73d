/** Architecture tests: package dependencies, naming, size limits, forbidden APIs. */
@NullMarked
package io.signalbox.hub.architecture;

import org.jspecify.annotations.NullMarked;
