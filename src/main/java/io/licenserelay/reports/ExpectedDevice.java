package io.licenserelay.reports;

import static io.licenserelay.store.SqlTime.instant;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.ConcernedItems;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device that is to report.
 *
 * @param place the virtual account whose it is, or the site as long as that is not known
 * @param listed whether SSM lists it
 * @param knownSince when the relay first knew of it
 * @param lastContactAt when anything was heard of it last, and by what
 * @param ackDueAt by when an acknowledgement must have come, and by what rule
 * @param ackWarnAt from when on that is told
 * @param silentAt by when something must have been heard of it
 * @param lastReported what was told of it last
 */
public record ExpectedDevice(
        Udi udi,
        Place place,
        boolean listed,
        Instant knownSince,
        @Nullable Instant lastContactAt,
        @Nullable String lastContactBy,
        @Nullable Instant lastAckAt,
        @Nullable Instant ackDueAt,
        @Nullable String ackDueBy,
        @Nullable Instant ackWarnAt,
        @Nullable Instant silentAt,
        String lastReported) {

    /** What a device is called that {@link #isWatched} is false of. */
    public static final String NOT_WATCHED = "not watched";

    /** Whether there is a day by which something must come of it; of one that has none, no worry does not mean that it is well. */
    public boolean isWatched() {
        return ackDueAt != null || silentAt != null;
    }

    /** {@code overdue} or {@code due}, and {@code silent}; empty when nothing is late. */
    public List<String> worries(Instant now) {
        List<String> worries = new ArrayList<>();
        if (isOverdue(now)) {
            worries.add("overdue");
        } else if (isDueSoon(now)) {
            worries.add("due");
        }
        if (isSilent(now)) {
            worries.add("silent");
        }
        return worries;
    }

    /** As it is told of an incident that is about it. */
    public ConcernedItems.Device concerned(Instant now) {
        List<String> state = worries(now).stream()
                .map(worry -> worry.equals("due") ? "due-soon" : worry)
                .toList();
        return new ConcernedItems.Device(udi.pid(), udi.serial(), place.va(), state, ackDueAt, lastContactAt, silentAt);
    }

    public boolean isOverdue(Instant now) {
        return ackDueAt != null && !now.isBefore(ackDueAt);
    }

    public boolean isDueSoon(Instant now) {
        return ackWarnAt != null && !now.isBefore(ackWarnAt) && !isOverdue(now);
    }

    public boolean isSilent(Instant now) {
        return silentAt != null && !now.isBefore(silentAt);
    }

    public static ExpectedDevice of(ResultSet row) throws SQLException {
        return new ExpectedDevice(
                new Udi(row.getString("pid"), row.getString("serial")),
                new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                row.getLong("listed") == 1,
                Instant.ofEpochMilli(row.getLong("known_since")),
                instant(row, "last_contact_at"),
                row.getString("last_contact_by"),
                instant(row, "last_ack_at"),
                instant(row, "ack_due_at"),
                row.getString("ack_due_by"),
                instant(row, "ack_warn_at"),
                instant(row, "contact_due_at"),
                row.getString("last_reported"));
    }
}
