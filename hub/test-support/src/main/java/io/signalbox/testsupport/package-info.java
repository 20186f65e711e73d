/** What the tests of several modules share: a bad network, and how tests wait. */
@NullMarked
package io.signalbox.testsupport;

import org.jspecify.annotations.NullMarked;
