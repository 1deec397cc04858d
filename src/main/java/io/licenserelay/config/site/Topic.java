package io.licenserelay.config.site;

import java.util.Locale;

/** The Kafka topics of the relay. Their names are configurable. */
public enum Topic {
    FAILURES,
    SYNCS,
    LICENSES,
    REPORTS,
    COMMANDS,
    DEAD_LETTERS;

    /** The key of the setting, as in {@code relay.topics.dead-letters}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
