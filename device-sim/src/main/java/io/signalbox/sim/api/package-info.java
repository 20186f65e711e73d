/** Client of the hub's REST API: registers devices and reads history. */
@NullMarked
package io.signalbox.sim.api;

import org.jspecify.annotations.NullMarked;
