package io.licenserelay.view.sites;

import io.licenserelay.view.calendar.CalendarKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The deadline that comes first. @param at in the past for an acknowledgement that is overdue */
public record NearestDeadline(Instant at, CalendarKind kind) {
    static @Nullable NearestDeadline earlier(@Nullable NearestDeadline one, @Nullable NearestDeadline other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.at.isBefore(one.at) ? other : one;
    }
}
