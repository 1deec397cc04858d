package io.licenserelay.reports.intake;

/** A record of a report topic is unusable, completely or in part. The message gives the reason. */
public final class UnusableRecord extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableRecord(String why) {
        super(why);
    }
}
