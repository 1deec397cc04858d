package io.licenserelay.view.reports;

import io.licenserelay.reports.ReportState;
import io.licenserelay.view.query.BadQuery;
import io.licenserelay.view.query.QueryParameters;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which reports are listed; null does not limit.
 *
 * @param text a part of the serial number, of the product id, of the report's number or of its origin, in any letter case; or the beginning of
 *     the digest, at least 3 characters
 */
public record ReportFilter(
        @Nullable String site,
        @Nullable String account,
        @Nullable ReportState state,
        @Nullable String text) {
    public static final Set<String> PARAMETERS = Set.of("site", "account", "state", "text");
    private static final int SHORTEST = 3;

    /** @param sites the names of the configured sites */
    public static ReportFilter of(QueryParameters query, Collection<String> sites) {
        String text = query.text("text");
        if (text != null && text.length() < SHORTEST) {
            throw BadQuery.value("text", text, "at least " + SHORTEST + " characters");
        }
        return new ReportFilter(
                query.known("site", sites),
                query.text("account"),
                query.constant("state", ReportState.class),
                text == null ? null : text.toLowerCase(Locale.ROOT));
    }
}
