@NullMarked
package io.signalbox.types;

import org.jspecify.annotations.NullMarked;
