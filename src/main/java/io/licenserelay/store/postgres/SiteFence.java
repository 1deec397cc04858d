package io.licenserelay.store.postgres;

import io.licenserelay.store.NotOwner;
import org.jdbi.v3.core.Handle;

/**
 * The first statement of each write: it locks the row of the site in {@code site_owner} until the transaction ends, and
 * refuses the write of a relay that does not own the site.
 */
interface SiteFence {
    /**
     * For a write. Other writes and preparations of the site wait until the transaction ends.
     *
     * @throws NotOwner if this relay does not own the site
     */
    void enter(Handle tx, String site);

    /**
     * For a preparation. Other preparations of the site do not wait; writes and a change of the owner do.
     *
     * @throws NotOwner if this relay does not own the site
     */
    void share(Handle tx, String site);
}
