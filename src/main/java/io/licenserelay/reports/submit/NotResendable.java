package io.licenserelay.reports.submit;

/** The report cannot be resent. The message gives the reason for people. */
public final class NotResendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotResendable(String why) {
        super(why);
    }

    /** No quarantined item has the id. */
    public static NotResendable notQuarantined(String id) {
        return new NotResendable("No quarantined item has the id " + id + "; see \"reports retry\".");
    }
}
