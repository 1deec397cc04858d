package io.licenserelay.actions;

/** A request was not executed. The message says why, for people. */
public final class RequestFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RequestFailed(String why) {
        super(why);
    }
}
