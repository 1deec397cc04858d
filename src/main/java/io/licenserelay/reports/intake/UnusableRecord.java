package io.licenserelay.reports.intake;

/** A record on a topic of reports is of no use, or not wholly; the message says why. */
public final class UnusableRecord extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableRecord(String why) {
        super(why);
    }
}
