@NullMarked
package io.signalbox.types.model;

import org.jspecify.annotations.NullMarked;
