/** Test support shared by several modules: network faults, ports, and defaults of waits. */
@NullMarked
package io.signalbox.testsupport;

import org.jspecify.annotations.NullMarked;
