/**
 * Text checks independent of any format: UTF-8 validation, whole or in pieces, and the length of
 * text in UTF-8. Pure functions.
 */
@NullMarked
package io.signalbox.hub.text;

import org.jspecify.annotations.NullMarked;
