package io.licenserelay.site;

import java.util.Locale;

/** How much of the collected evidence a failure event carries itself. The bundle that the event refers to always has all of it. */
public enum EvidenceForm {
    /** What is needed to act: the failed exchange, the verdicts of the probes, five decisive lines of each log, the findings. */
    SHORT,
    /** Everything that fits into the largest event, for consumers that cannot reach the bundle. */
    FULL;

    /** As in {@code relay.events.evidence} and in {@code data.evidence.form}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
