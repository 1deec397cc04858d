package io.licenserelay.cluster;

/** The keys that are owned like sites. The name of a site begins with a letter or digit, so no site has one of these. */
public final class ClusterKeys {
    /** Its owner publishes the events to Kafka. */
    public static final String PUBLISH = "@publish";

    /** Its owner runs the tasks that the cluster needs once. */
    public static final String RELAY = "@relay";

    private ClusterKeys() {}
}
