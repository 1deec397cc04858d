package io.licenserelay.view.licenses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One license and how it changed.
 *
 * @param goneAt when a run found that SSM does not list it any more; null while it is listed
 * @param points the values from each change on, oldest first, at most {@link LicenseList#POINTS}
 * @param isComplete whether the points reach back to the run that found the license first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LicenseHistory(
        @JsonUnwrapped LicenseEntry license, @Nullable Instant goneAt, List<Point> points, boolean isComplete) {

    /**
     * The values that a run found.
     *
     * @param at when the run began
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Point(
            String runId,
            Instant at,
            long quantity,
            long inUse,
            long available,
            long reserved,
            String status,
            @Nullable Instant endsAt) {}
}
