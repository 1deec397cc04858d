package io.licenserelay.log;

/**
 * The relay that writes a log.
 *
 * @param name {@code relay.name}
 * @param node the name of this relay among the relays that share a store
 * @param version the version of the relay
 */
public record LoggingService(String name, String node, String version) {}
