package io.licenserelay.view.query;

/** The path names a resource or an item that does not exist: HTTP status 404. */
public final class NoSuchItem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param what the kind of item: {@code site}, {@code report} */
    public NoSuchItem(String what) {
        super("no such " + what);
    }
}
