package io.licenserelay.store;

/** A write was refused because this relay does not own the site. Nothing was written; the owner continues the work. */
public final class NotOwner extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param site the site, or {@link Database#RELAY}
     * @param owner the relay that owns it according to the database, or "none"
     */
    public NotOwner(String site, String owner) {
        super("this relay does not own \"" + site + "\" (owner: " + owner + ")");
    }
}
