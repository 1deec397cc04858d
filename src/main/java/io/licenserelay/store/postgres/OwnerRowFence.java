package io.licenserelay.store.postgres;

import io.licenserelay.store.NotOwner;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Compares the owner that the database names with the lease of this relay. */
final class OwnerRowFence implements SiteFence {
    private static final String OWNER = "SELECT node, epoch FROM site_owner WHERE site = :site";

    private final SiteLeases leases;

    OwnerRowFence(SiteLeases leases) {
        this.leases = leases;
    }

    @Override
    public void enter(Handle tx, String site) {
        require(tx, site, OWNER + " FOR UPDATE");
    }

    @Override
    public void share(Handle tx, String site) {
        require(tx, site, OWNER + " FOR SHARE");
    }

    private void require(Handle tx, String site, String lock) {
        SiteLease lease = leases.of(site).orElseThrow(() -> new NotOwner(site, "not this relay"));
        Optional<SiteLease> owner = tx.createQuery(lock)
                .bind("site", site)
                .map((row, context) -> new SiteLease(String.valueOf(row.getString("node")), row.getLong("epoch")))
                .findOne();
        if (owner.isEmpty() || !owner.get().equals(lease)) {
            throw new NotOwner(site, owner.map(SiteLease::node).orElse("none"));
        }
    }
}
