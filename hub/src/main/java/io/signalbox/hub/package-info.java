@NullMarked
package io.signalbox.hub;

import org.jspecify.annotations.NullMarked;
