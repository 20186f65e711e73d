/** Tests of several nodes on one Redis. */
@NullMarked
package io.signalbox.hub.cluster;

import org.jspecify.annotations.NullMarked;
