/**
 * Composition root. Input: the command line, the environment and a YAML file. Output: a hub that
 * listens on the HTTP port (8080 by default). It builds stores, services and one listener per event
 * loop, and closes them in reverse order. Threading: the main thread builds, starts and stops;
 * signals arrive on their own threads.
 */
@NullMarked
package io.signalbox.hub;

import org.jspecify.annotations.NullMarked;
