/**
 * Files of device types, in YAML or JSON. Input: text; output: definitions, or an {@link
 * io.signalbox.types.file.InvalidFileException} that names file and place. Threading: any thread.
 */
@NullMarked
package io.signalbox.types.file;

import org.jspecify.annotations.NullMarked;
