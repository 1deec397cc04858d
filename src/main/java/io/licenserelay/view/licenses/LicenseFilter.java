package io.licenserelay.view.licenses;

import io.licenserelay.view.query.QueryParameters;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which licenses are listed; null does not limit.
 *
 * @param text a part of the name, in any letter case
 * @param endsBefore licenses that end before this time; without those that have no end date
 */
public record LicenseFilter(
        @Nullable String site,
        @Nullable String account,
        @Nullable String virtualAccount,
        @Nullable ComplianceState compliance,
        @Nullable String text,
        @Nullable Instant endsBefore) {
    public static final Set<String> PARAMETERS =
            Set.of("site", "account", "virtualAccount", "compliance", "text", "endsBefore");

    /** @param sites the names of the configured sites */
    public static LicenseFilter of(QueryParameters query, Collection<String> sites) {
        String text = query.text("text");
        return new LicenseFilter(
                query.known("site", sites),
                query.text("account"),
                query.text("virtualAccount"),
                query.constant("compliance", ComplianceState.class),
                text == null ? null : text.toLowerCase(Locale.ROOT),
                query.time("endsBefore"));
    }
}
