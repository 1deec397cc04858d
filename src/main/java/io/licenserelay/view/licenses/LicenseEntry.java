package io.licenserelay.view.licenses;

import static io.licenserelay.store.SqlTime.instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A license of a virtual account.
 *
 * @param id the number of the license in this store, for its history
 * @param billingType as in SSM's answer; empty if missing
 * @param available negative if more is used than was bought
 * @param status as SSM lists it: {@code In Compliance}, {@code Out Of Compliance}, or another text
 * @param endsAt the earliest end date; null if it has none
 * @param changedByRun the run that changed it last, or found it first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LicenseEntry(
        String id,
        String site,
        String account,
        String virtualAccount,
        String license,
        String billingType,
        long quantity,
        long inUse,
        long available,
        long reserved,
        String status,
        @Nullable Instant endsAt,
        String changedByRun) {
    static final String COLUMNS =
            "id, place_id, name, billing, quantity, in_use, available, reserved, status, ends_at, changed_run";

    static LicenseEntry of(ResultSet row, String site, String account, String va) throws SQLException {
        return new LicenseEntry(
                Long.toString(row.getLong("id")),
                site,
                account,
                va,
                row.getString("name"),
                row.getString("billing"),
                row.getLong("quantity"),
                row.getLong("in_use"),
                row.getLong("available"),
                row.getLong("reserved"),
                row.getString("status"),
                instant(row, "ends_at"),
                Long.toString(row.getLong("changed_run")));
    }
}
