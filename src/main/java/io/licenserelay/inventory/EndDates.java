package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.ConcernedItems;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The licenses and subscriptions of a virtual account that end within a period.
 *
 * @param licenses number of licenses that end
 * @param subscriptions number of subscriptions that end
 * @param first the first {@link #SHOWN} of them, ordered by end date
 */
public record EndDates(long licenses, long subscriptions, List<Ending> first) {
    /** The maximum number of named items; the others are only counted. */
    public static final int SHOWN = 5;

    private static final String ALL = "SELECT 'license' AS kind, name, ends_at FROM license"
            + " WHERE place_id = :place AND gone_run IS NULL AND ends_at >= :from AND ends_at < :until"
            + " UNION ALL SELECT 'subscription', subscription_id, ends_at FROM subscription"
            + " WHERE place_id = :place AND ends_at >= :from AND ends_at < :until";

    private static final String LICENSES = "SELECT name, billing, quantity, in_use, ends_at FROM license"
            + " WHERE place_id = :place AND gone_run IS NULL AND ends_at >= :from AND ends_at < :until"
            + " ORDER BY ends_at, name, billing LIMIT " + ConcernedItems.MOST;

    private static final String SUBSCRIPTIONS = "SELECT subscription_id, ends_at FROM subscription"
            + " WHERE place_id = :place AND ends_at >= :from AND ends_at < :until"
            + " ORDER BY ends_at, subscription_id LIMIT " + ConcernedItems.MOST;

    /** A license or subscription with its name in SSM. */
    public record Ending(String kind, String name, Instant at) {}

    /** Reads the items that end between {@code now} and {@code until}. Past end dates are not deadlines any more. */
    public static EndDates of(Handle tx, long placeId, Instant now, Instant until) {
        List<Ending> first = tx.createQuery(ALL + " ORDER BY ends_at, kind, name LIMIT " + SHOWN)
                .bind("place", placeId)
                .bind("from", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .map((row, context) -> new Ending(
                        row.getString("kind"), row.getString("name"), Instant.ofEpochMilli(row.getLong("ends_at"))))
                .list();
        return first.isEmpty()
                ? new EndDates(0, 0, List.of())
                : tx.createQuery("SELECT COUNT(CASE WHEN kind = 'license' THEN 1 END) AS licenses,"
                                + " COUNT(CASE WHEN kind = 'subscription' THEN 1 END) AS subscriptions"
                                + " FROM (" + ALL + ") AS ending")
                        .bind("place", placeId)
                        .bind("from", now.toEpochMilli())
                        .bind("until", until.toEpochMilli())
                        .map((row, context) ->
                                new EndDates(row.getLong("licenses"), row.getLong("subscriptions"), first))
                        .one();
    }

    /** The items that end between {@code now} and {@code until}, ordered by end date. */
    public ConcernedItems concerned(Handle tx, Place virtualAccount, Instant now, Instant until) {
        String va = String.valueOf(virtualAccount.va());
        List<ConcernedItems.License> endingLicenses = tx.createQuery(LICENSES)
                .bind("place", virtualAccount.id())
                .bind("from", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .map((row, context) -> new ConcernedItems.License(
                        row.getString("name"),
                        va,
                        row.getString("billing"),
                        row.getLong("quantity"),
                        row.getLong("in_use"),
                        Instant.ofEpochMilli(row.getLong("ends_at"))))
                .list();
        List<ConcernedItems.Subscription> endingSubscriptions = tx.createQuery(SUBSCRIPTIONS)
                .bind("place", virtualAccount.id())
                .bind("from", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .map((row, context) -> new ConcernedItems.Subscription(
                        row.getString("subscription_id"), va, Instant.ofEpochMilli(row.getLong("ends_at"))))
                .list();
        return new ConcernedItems(endingLicenses, licenses, endingSubscriptions, subscriptions, List.of(), 0);
    }
}
