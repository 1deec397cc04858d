package io.licenserelay.reports.format;

/** The input is not a valid usage report. The message names the reason and the place in the file. */
public final class MalformedReport extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedReport(String why) {
        super(why);
    }

    MalformedReport(String why, Throwable cause) {
        super(why, cause);
    }
}
