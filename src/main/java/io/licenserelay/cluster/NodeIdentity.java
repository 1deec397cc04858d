package io.licenserelay.cluster;

/**
 * A node as people see it.
 *
 * @param name unique in the cluster
 * @param version of the relay
 */
public record NodeIdentity(String name, String host, String version) {}
