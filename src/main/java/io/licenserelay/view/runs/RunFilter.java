package io.licenserelay.view.runs;

import io.licenserelay.view.query.QueryParameters;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are listed; null does not limit.
 *
 * @param from the earliest begin
 * @param until the begin is before this time
 */
public record RunFilter(
        @Nullable String site,
        @Nullable RunState outcome,
        @Nullable Instant from,
        @Nullable Instant until) {
    public static final Set<String> PARAMETERS = Set.of("site", "outcome", "from", "until");
    public static final RunFilter ALL = new RunFilter(null, null, null, null);

    /** @param sites the names of the configured sites */
    public static RunFilter of(QueryParameters query, Collection<String> sites) {
        return new RunFilter(
                query.known("site", sites),
                query.constant("outcome", RunState.class),
                query.time("from"),
                query.time("until"));
    }
}
