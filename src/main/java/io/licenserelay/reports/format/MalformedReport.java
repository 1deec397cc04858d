package io.licenserelay.reports.format;

/** A file is no usage report that could be sent; the message says why, and where in the file. */
public final class MalformedReport extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedReport(String why) {
        super(why);
    }

    MalformedReport(String why, Throwable cause) {
        super(why, cause);
    }
}
