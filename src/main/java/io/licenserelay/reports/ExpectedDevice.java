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
 * A device that is expected to report usage.
 *
 * @param place the virtual account that owns the device, or the site while the virtual account is unknown
 * @param listed whether SSM lists the device
 * @param knownSince when the relay first recorded the device
 * @param lastContactAt the last contact with the device; {@code lastContactBy} names the source
 * @param ackDueAt the deadline for the next acknowledgement; {@code ackDueBy} names the rule
 * @param ackWarnAt when the warning about the deadline starts
 * @param silentAt when the device counts as silent unless a contact is recorded before
 * @param lastReported the problems of the device that were reported last
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

    /** The label of a device for which {@link #isWatched} is false. */
    public static final String NOT_WATCHED = "not watched";

    /**
     * Whether the device has any deadline. For a device without a deadline, an empty list of problems does not mean
     * that it is healthy.
     */
    public boolean isWatched() {
        return ackDueAt != null || silentAt != null;
    }

    /** The current problems: {@code overdue} or {@code due}, and {@code silent}; empty if nothing is late. */
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

    /** The entry for this device in an incident. */
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
