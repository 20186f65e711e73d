@NullMarked
package io.signalbox.types.file;

import org.jspecify.annotations.NullMarked;
