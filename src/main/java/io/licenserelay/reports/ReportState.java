package io.licenserelay.reports;

import io.licenserelay.text.WireNamed;

/** The state of a report. {@link #ACKNOWLEDGED} and {@link #REJECTED} are final. */
public enum ReportState implements WireNamed {
    /** The report is recorded. The next push sends it. */
    RECEIVED,
    /** The report is not sent yet, for the reason in {@link HoldReason}. */
    HELD,
    /** The server received the report. The acknowledgement is pending. */
    SUBMITTED,
    /** The SD-WAN Manager was asked to sync, which proves nothing about this report. The acknowledgement is pending. */
    REQUESTED,
    /**
     * The report was sent, and the deadline of the device's policy passed without an acknowledgement. The
     * acknowledgement is still pending.
     */
    OVERDUE,
    ACKNOWLEDGED,
    /** The server rejected the report permanently. */
    REJECTED;

    /** The states of {@link #awaitsAck()}, for {@code IN}. */
    public static final String AWAITING_ACK = "('submitted', 'requested', 'overdue')";

    /** Whether the report was sent and is not acknowledged yet. */
    public boolean awaitsAck() {
        return this == SUBMITTED || this == REQUESTED || this == OVERDUE;
    }
}
