package io.licenserelay.config.site;

import java.util.Locale;

/** The Kafka topics of the relay; their names are settings. */
public enum Topic {
    FAILURES,
    SYNCS,
    LICENSES,
    REPORTS,
    COMMANDS,
    DEAD_LETTERS;

    /** As in {@code relay.topics.dead-letters}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
