package io.licenserelay.reports.submit;

/** The report cannot be resent. The message gives the reason for people. */
public final class NotResendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotResendable(String why) {
        super(why);
    }
}
