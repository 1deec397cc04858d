package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.model.VirtualAccount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The accounts and virtual accounts that SSM listed, in the caller's transaction. Stateless. */
public final class Places {
    private static final String UPSERT =
            "INSERT INTO place (id, site, account, va, ssm_account_id, ssm_va_id, is_default,"
                    + " first_run, listed_run) VALUES (:id, :site, :account, :va, :accountId, :vaId, :default, :run, :run)"
                    + " ON CONFLICT (id) DO UPDATE SET ssm_account_id = COALESCE(excluded.ssm_account_id, place.ssm_account_id),"
                    + " ssm_va_id = COALESCE(excluded.ssm_va_id, place.ssm_va_id), is_default = excluded.is_default,"
                    + " listed_run = excluded.listed_run, gone_run = NULL";

    /** Records SSM's list of virtual accounts of the account in this run. */
    public void update(Handle tx, long runId, Place account, @Nullable String accountId, List<VirtualAccount> listed) {
        try (PreparedBatch rows = tx.prepareBatch(UPSERT)) {
            add(rows, runId, account, accountId, null, false);
            // PostgreSQL rejects a statement that inserts a key twice, and SSM's list may contain a name twice.
            Map<Long, VirtualAccount> byId = new LinkedHashMap<>();
            listed.forEach(va -> byId.merge(account.va(va.name()).id(), va, Places::later));
            for (VirtualAccount va : byId.values()) {
                add(rows, runId, account.va(va.name()), accountId, va.id(), va.isDefault());
            }
            rows.execute();
        }
    }

    /** The names of the site's accounts that have virtual accounts in the stored inventory. */
    public List<String> accounts(Handle tx, Place site) {
        return tx.createQuery("SELECT DISTINCT account FROM place WHERE site = :site AND va IS NOT NULL"
                        + " AND gone_run IS NULL ORDER BY account")
                .bind("site", site.site())
                .mapTo(String.class)
                .list();
    }

    /** Stored virtual accounts of the account that are missing in this run's list. */
    public List<VirtualAccount> missing(Handle tx, long runId, Place account) {
        return tx.createQuery("SELECT va FROM place WHERE site = :site AND account = :account AND va IS NOT NULL"
                        + " AND gone_run IS NULL AND listed_run <> :run ORDER BY va")
                .bind("site", account.site())
                .bind("account", account.account())
                .bind("run", runId)
                .mapTo(String.class)
                .map(name -> new VirtualAccount(name, null, false))
                .list();
    }

    /** Marks the virtual account as gone. */
    public void gone(Handle tx, long runId, Place va) {
        tx.execute("UPDATE place SET gone_run = ? WHERE id = ? AND listed_run <> ?", runId, va.id(), runId);
    }

    /** Whether the virtual account is marked as gone. */
    public boolean isGone(Handle tx, Place va) {
        return tx.createQuery("SELECT COUNT(*) FROM place WHERE id = :id AND gone_run IS NOT NULL")
                        .bind("id", va.id())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** SSM's numeric ids of a virtual account, if both are known and SSM still lists it. */
    public Optional<Ids> ids(Handle tx, Place va) {
        return tx.createQuery("SELECT ssm_account_id, ssm_va_id FROM place WHERE id = :id AND gone_run IS NULL"
                        + " AND ssm_account_id IS NOT NULL AND ssm_va_id IS NOT NULL")
                .bind("id", va.id())
                .map((row, context) -> new Ids(row.getString("ssm_account_id"), row.getString("ssm_va_id")))
                .findOne();
    }

    /** The virtual accounts of the site that SSM still lists and whose numeric ids are known, ordered by name. */
    public List<Numbered> numbered(Handle tx, Place site) {
        return tx.createQuery("SELECT account, va, ssm_account_id, ssm_va_id FROM place WHERE site = :site"
                        + " AND va IS NOT NULL AND gone_run IS NULL AND ssm_account_id IS NOT NULL"
                        + " AND ssm_va_id IS NOT NULL ORDER BY account, va")
                .bind("site", site.site())
                .map((row, context) -> new Numbered(
                        new Place(site.site(), row.getString("account"), row.getString("va")),
                        new Ids(row.getString("ssm_account_id"), row.getString("ssm_va_id"))))
                .list();
    }

    /** A virtual account with its numeric ids. */
    public record Numbered(Place va, Ids ids) {}

    /** SSM's numeric ids, as text. */
    public record Ids(String account, String va) {}

    /** The virtual accounts of the site in which SSM lists the device, ordered by name. */
    public List<Place> ofDevice(Handle tx, String site, String pid, String serial) {
        return tx.createQuery("SELECT p.account, p.va FROM device d JOIN place p ON p.id = d.place_id"
                        + " WHERE d.pid = :pid AND d.serial = :serial AND p.site = :site AND p.gone_run IS NULL"
                        + " ORDER BY p.account, p.va")
                .bind("pid", pid)
                .bind("serial", serial)
                .bind("site", site)
                .map((row, context) -> new Place(site, row.getString("account"), row.getString("va")))
                .list();
    }

    private static VirtualAccount later(VirtualAccount first, VirtualAccount second) {
        return new VirtualAccount(second.name(), second.id() == null ? first.id() : second.id(), second.isDefault());
    }

    private static void add(
            PreparedBatch rows,
            long runId,
            Place place,
            @Nullable String accountId,
            @Nullable String vaId,
            boolean isDefault) {
        rows.bind("id", place.id())
                .bind("site", place.site())
                .bind("account", place.account())
                .bind("va", place.va())
                .bind("accountId", accountId)
                .bind("vaId", vaId)
                .bind("default", isDefault ? 1 : 0)
                .bind("run", runId)
                .add();
    }
}
