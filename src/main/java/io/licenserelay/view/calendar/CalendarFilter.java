package io.licenserelay.view.calendar;

import io.licenserelay.view.query.QueryParameters;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deadlines are listed.
 *
 * @param site null for all
 * @param kind null for all
 * @param days how far ahead, 1 to {@link #MOST_DAYS}
 */
public record CalendarFilter(
        @Nullable String site, @Nullable CalendarKind kind, int days) {
    public static final Set<String> PARAMETERS = Set.of("site", "kind", "days");
    public static final int STANDARD_DAYS = 90;
    public static final int MOST_DAYS = 1_100;

    /** @param sites the names of the configured sites */
    public static CalendarFilter of(QueryParameters query, Collection<String> sites) {
        return new CalendarFilter(
                query.known("site", sites),
                query.constant("kind", CalendarKind.class),
                query.number("days", 1, MOST_DAYS, STANDARD_DAYS));
    }
}
