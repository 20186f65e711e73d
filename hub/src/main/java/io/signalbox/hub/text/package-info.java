/** What text is, below any format: checks of UTF-8, whole or piece by piece. Pure functions. */
@NullMarked
package io.signalbox.hub.text;

import org.jspecify.annotations.NullMarked;
