package io.licenserelay.usage;

/** A record on a topic of reports is of no use, or not wholly; the message says why. */
public final class NoReports extends Exception {
    private static final long serialVersionUID = 1L;

    NoReports(String why) {
        super(why);
    }
}
