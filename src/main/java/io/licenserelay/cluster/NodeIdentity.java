package io.licenserelay.cluster;

import java.util.Locale;

/**
 * A node as people see it.
 *
 * @param name unique in the cluster
 * @param version of the relay
 */
public record NodeIdentity(String name, String host, String version) {
    /** PostgreSQL cuts longer names of applications. */
    private static final int MAX_APPLICATION_NAME = 63;

    private static final String PREFIX = "license-relay ";

    /**
     * The {@code application_name} of all connections of a node, by which the others find transactions that it left when it died. It has
     * at most 63 characters: a longer name is cut, and ends with a hash of the whole.
     */
    public static String applicationName(String node) {
        String whole = PREFIX + node;
        if (whole.length() <= MAX_APPLICATION_NAME) {
            return whole;
        }
        String hash = String.format(Locale.ROOT, "~%08x", node.hashCode());
        return whole.substring(0, MAX_APPLICATION_NAME - hash.length()) + hash;
    }
}
