package io.licenserelay.usage;

/** A file is no usage report that could be sent; the message says why, and where in the file. */
final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String why) {
        super(why);
    }

    Unreadable(String why, Throwable cause) {
        super(why, cause);
    }
}
