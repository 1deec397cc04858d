package io.licenserelay.view.sites;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.view.runs.RunEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A site in the overview.
 *
 * @param ssm the address of its SSM
 * @param lastRun the newest run, which may be running; null if it was never synced
 * @param lastGoodRunAt when the newest complete run ended; null if there is none
 * @param nextDueAt when the schedule starts the next run, if a relay runs then
 * @param heartbeat the last runs, at most {@link Overview#HEARTBEAT}, oldest first
 * @param licenses totals over all accounts
 * @param reportsWaiting reports of all accounts, and those whose account is not known, that are not acknowledged and not rejected
 * @param nearestDeadline the first of all deadlines of the site and its accounts; null if none is known
 * @param incidents the open incidents, worst first, at most {@link Overview#PROBLEMS}
 * @param openIncidents the number of all open incidents
 * @param accounts the accounts that SSM listed, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SiteRow(
        String site,
        String ssm,
        Map<String, String> labels,
        @Nullable RunEntry lastRun,
        @Nullable Instant lastGoodRunAt,
        Instant nextDueAt,
        List<Heartbeat> heartbeat,
        LicenseTotals licenses,
        long reportsWaiting,
        @Nullable NearestDeadline nearestDeadline,
        List<OpenProblem> incidents,
        int openIncidents,
        List<AccountRow> accounts) {}
