package io.licenserelay.chaos;

/** What happens to the relays. */
public enum ChaosFault {
    /** A node is killed while it starts. */
    KILL_AT_START(false),
    KILL_IN_PULL(false),
    /** The node that publishes is killed while records appear on Kafka. */
    KILL_AT_PUBLISH(false),
    /** A node is killed, and then the first node that takes over one of its sites. */
    KILL_AT_TAKEOVER(false),
    /** The node that publishes is paused while records appear on Kafka, longer than the timeout. */
    LONG_PAUSE_IN_BATCH(true),
    SHORT_PAUSE_IN_BATCH(true),
    /** Paused when Kafka has a batch, before the outbox is shortened. */
    LONG_PAUSE_AFTER_BATCH(true),
    /** Paused while the transaction commits that prepares a submission: the POST follows when the node continues. */
    LONG_PAUSE_BEFORE_POST(false),
    SHORT_PAUSE_BEFORE_POST(false),
    /** Paused within the transaction that ends a run. */
    LONG_PAUSE_IN_TRANSACTION(false),
    SHORT_PAUSE_IN_TRANSACTION(false),
    POSTGRES_RESTART(false),
    /** PostgreSQL ends the session that holds the lock of a node. */
    SESSION_TERMINATED(false),
    /** PostgreSQL ends all other sessions of a node. */
    WRITERS_TERMINATED(false),
    /** Nothing passes between a node and PostgreSQL, longer than the timeout; connections stay open. */
    LONG_CUT(true),
    SHORT_CUT(false),
    /** Kafka is down while another node begins to publish. */
    KAFKA_AWAY_AT_TAKEOVER(false),
    /** The clock of a node is 60 s ahead for a time. */
    CLOCK_AHEAD(false);

    private final boolean publisherMayLag;

    ChaosFault(boolean publisherMayLag) {
        this.publisherMayLag = publisherMayLag;
    }

    boolean killsNode() {
        return name().startsWith("KILL") || this == KAFKA_AWAY_AT_TAKEOVER;
    }

    /** Whether a former publisher may send old records after this fault, unless Kafka refuses them. */
    public boolean publisherMayLag() {
        return publisherMayLag;
    }
}
