/**
 * Conversion of models of other standards to device types: W3C Thing Models and DTDL interfaces.
 * Input: a JSON tree; output: definitions, and the list of what has no counterpart, each with its
 * JSON Pointer. Threading: any thread; a converter is used by one thread.
 */
@NullMarked
package io.signalbox.types.model;

import org.jspecify.annotations.NullMarked;
