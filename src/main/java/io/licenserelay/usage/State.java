package io.licenserelay.usage;

import java.util.Locale;

/** Where a report stands. Acknowledged and rejected are final. */
public enum State {
    /** It is recorded and goes out with the next push. */
    RECEIVED,
    /** It waits for something that {@link Hold} names. */
    HELD,
    /** The server has it; its acknowledgement is awaited. */
    SUBMITTED,
    ACKNOWLEDGED,
    /** The server refused it for good. */
    REJECTED;

    /** As it stands in events and commands. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static State of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
