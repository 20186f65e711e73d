/**
 * The command line of every Signalbox program: one form of help and of error messages, on top of
 * picocli. Used by hub, simulator and benchmarks; depends on none of them. Threading: the main
 * thread.
 */
@NullMarked
package io.signalbox.cli;

import org.jspecify.annotations.NullMarked;
