package io.licenserelay.inventory.model;

/**
 * An alert that SSM itself raises.
 *
 * @param severity {@code minor} or {@code major}
 */
public record SsmAlert(String messageType, String severity, String source, String message) {}
