package io.signalbox.types.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A converted model.
 *
 * @param name name of the type, made from that of the model
 * @param document definition of the type
 * @param unmapped what the definition does not have
 */
public record Model(String name, ObjectNode document, List<UnmappedMember> unmapped) {}
