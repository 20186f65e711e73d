package io.signalbox.types.model;

/**
 * A member of a model that is not in the converted type.
 *
 * @param pointer JSON Pointer of the member in the file
 */
public record UnmappedMember(String pointer, String reason) {}
