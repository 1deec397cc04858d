package io.licenserelay.reports.submit;

/** Sending the report again makes no sense; the message says why, for people. */
public final class NotResendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotResendable(String why) {
        super(why);
    }
}
