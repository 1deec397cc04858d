package io.licenserelay.view.incidents;

import io.licenserelay.diagnosis.Severity;
import io.licenserelay.view.query.BadQuery;
import io.licenserelay.view.query.QueryParameters;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents are listed; null and false do not limit.
 *
 * @param open only open ones
 * @param failed only those of severity error or critical: something does not work, in contrast to warnings about what will happen
 * @param code the primary cause: {@code LIC3002}
 * @param from the earliest time at which they were opened
 * @param until they were opened before this time
 */
public record IncidentFilter(
        @Nullable String site,
        boolean open,
        boolean failed,
        @Nullable String code,
        @Nullable Severity severity,
        @Nullable Instant from,
        @Nullable Instant until) {
    public static final Set<String> PARAMETERS = Set.of("site", "open", "failed", "code", "severity", "from", "until");
    public static final IncidentFilter OPEN = new IncidentFilter(null, true, false, null, null, null, null);

    /** @param sites the names of the configured sites, and the name for incidents of the relay itself */
    public static IncidentFilter of(QueryParameters query, Collection<String> sites) {
        return new IncidentFilter(
                query.known("site", sites),
                query.flag("open"),
                query.flag("failed"),
                code(query.text("code")),
                query.constant("severity", Severity.class),
                query.time("from"),
                query.time("until"));
    }

    private static @Nullable String code(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String code = text.toUpperCase(Locale.ROOT);
        if (!code.matches("LIC\\d{4}")) {
            throw BadQuery.value("code", text, "the code of a cause as LIC3002");
        }
        return code;
    }
}
