package io.licenserelay.reports;

import io.licenserelay.text.WireNamed;

/** Where a report stands. Acknowledged and rejected are final. */
public enum ReportState implements WireNamed {
    /** It is recorded and goes out with the next push. */
    RECEIVED,
    /** It waits for something that {@link HoldReason} names. */
    HELD,
    /** The server has it; its acknowledgement is awaited. */
    SUBMITTED,
    /** The SD-WAN Manager was asked to sync, which says nothing of this very report; its acknowledgement is awaited. */
    REQUESTED,
    /** It went out, and the day passed by which its device's policy wants an acknowledgement; it is awaited all the same. */
    OVERDUE,
    ACKNOWLEDGED,
    /** The server refused it for good. */
    REJECTED;

    /** The states of {@link #awaitsAck()}, for {@code IN}. */
    public static final String AWAITING_ACK = "('submitted', 'requested', 'overdue')";

    /** Whether it went out and has no acknowledgement yet. */
    public boolean awaitsAck() {
        return this == SUBMITTED || this == REQUESTED || this == OVERDUE;
    }
}
