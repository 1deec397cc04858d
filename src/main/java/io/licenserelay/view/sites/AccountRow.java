package io.licenserelay.view.sites;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.diagnosis.Severity;
import org.jspecify.annotations.Nullable;

/**
 * An account in the overview.
 *
 * @param lastOutcome its outcome in the newest run that ended: {@code complete}, {@code partial} or {@code failed}; null if that run does not
 *     name the account
 * @param reportsWaiting reports that are not acknowledged and not rejected
 * @param nearestDeadline the first end of a license, or the first acknowledgement that is due; null if none is known
 * @param openIncidents the number of its open incidents, with those of its virtual accounts
 * @param worstSeverity of its open incidents; null if none is open
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountRow(
        String account,
        @Nullable String lastOutcome,
        LicenseTotals licenses,
        long reportsWaiting,
        @Nullable NearestDeadline nearestDeadline,
        int openIncidents,
        @Nullable Severity worstSeverity) {}
