package io.signalbox.hub.config;

/**
 * A value that somebody gave.
 *
 * @param text as it was written
 * @param origin the flag, the variable or the file's name
 */
record RawValue(String text, String origin) {}
