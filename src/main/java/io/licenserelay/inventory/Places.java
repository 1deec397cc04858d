package io.licenserelay.inventory;

import io.licenserelay.site.Place;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The accounts and virtual accounts that SSM listed, in the caller's transaction. Stateless. */
public final class Places {

    /** SSM listed these virtual accounts of the account in this run. */
    public void seen(Handle tx, long runId, Place account, @Nullable String accountId, List<VirtualAccount> listed) {
        see(tx, runId, account, accountId, null, false);
        for (VirtualAccount va : listed) {
            see(tx, runId, account.va(va.name()), accountId, va.id(), va.isDefault());
        }
    }

    /** Names of the site's accounts that are believed to hold virtual accounts. */
    public List<String> accounts(Handle tx, Place site) {
        return tx.createQuery("SELECT DISTINCT account FROM place WHERE site = :site AND va IS NOT NULL"
                        + " AND gone_run IS NULL ORDER BY account")
                .bind("site", site.site())
                .mapTo(String.class)
                .list();
    }

    /** Virtual accounts that were believed to be there and that this run's listing of the account lacks. */
    public List<VirtualAccount> missing(Handle tx, long runId, Place account) {
        return tx.createQuery("SELECT va FROM place WHERE site = :site AND account = :account AND va IS NOT NULL"
                        + " AND gone_run IS NULL AND seen_run <> :run ORDER BY va")
                .bind("site", account.site())
                .bind("account", account.account())
                .bind("run", runId)
                .mapTo(String.class)
                .map(name -> new VirtualAccount(name, null, false))
                .list();
    }

    /** The virtual account is believed to be gone. */
    public void gone(Handle tx, long runId, Place va) {
        tx.execute("UPDATE place SET gone_run = ? WHERE id = ? AND seen_run <> ?", runId, va.id(), runId);
    }

    private static void see(
            Handle tx, long runId, Place place, @Nullable String accountId, @Nullable String vaId, boolean isDefault) {
        tx.createUpdate("INSERT INTO place (id, site, account, va, ssm_account_id, ssm_va_id, is_default,"
                        + " first_run, seen_run) VALUES (:id, :site, :account, :va, :accountId, :vaId, :default, :run, :run)"
                        + " ON CONFLICT (id) DO UPDATE SET ssm_account_id = excluded.ssm_account_id,"
                        + " ssm_va_id = excluded.ssm_va_id, is_default = excluded.is_default,"
                        + " seen_run = excluded.seen_run, gone_run = NULL")
                .bind("id", place.id())
                .bind("site", place.site())
                .bind("account", place.account())
                .bind("va", place.va())
                .bind("accountId", accountId)
                .bind("vaId", vaId)
                .bind("default", isDefault ? 1 : 0)
                .bind("run", runId)
                .execute();
    }
}
