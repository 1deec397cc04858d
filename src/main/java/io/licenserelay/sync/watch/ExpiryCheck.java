package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.incident.event.IncidentImpact;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.sync.run.SyncService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks after a successful run for future failures: the certificate, an unreachable address among several, the expiry
 * of the API client, and SSM's own alerts about its synchronization. Each becomes an incident long before it causes a
 * failure.
 */
public final class ExpiryCheck {
    private static final Duration WARNING = Duration.ofDays(30);
    private static final Set<String> FUTURE_FAILURES = Set.of(
            Findings.TLS_EXPIRES_SOON,
            Findings.TCP_SOME_FAILED,
            Findings.SSM_SYNC_OVERDUE,
            Findings.SSM_SYNC_REMOVAL,
            Findings.SSM_TOKEN_EXPIRES_SOON,
            Findings.SSM_ALERT_MAJOR);

    private final Database database;
    private final IncidentReporter reporter;
    private final Incidents incidents;
    private final SyncService runs;
    private final Clock clock;

    public ExpiryCheck(
            Database database, IncidentReporter reporter, Incidents incidents, SyncService runs, Clock clock) {
        this.database = database;
        this.reporter = reporter;
        this.incidents = incidents;
        this.runs = runs;
        this.clock = clock;
    }

    /** Opens, updates or resolves the site's and its accounts' incidents of flow {@code expiry}. */
    public void check(SyncRun run, List<ProbeResult> probes) {
        if (probes.isEmpty()) {
            return;
        }
        Site site = run.site();
        database.write(site.name(), tx -> CertificateEnds.save(tx, site.name(), probes, clock.instant()));
        report(
                run,
                site.place(),
                worries(site, probes, clock.instant()),
                earliest(certificateEnd(probes), clientEnd(site)));
        run.alertsOfAccounts()
                .forEach((account, alerts) ->
                        report(run, site.place().account(account), SsmAlertWords.findings(alerts), null));
    }

    private void report(SyncRun run, Place place, List<Finding> findings, @Nullable Instant deadline) {
        IncidentContext context = runs.contextOf(run);
        if (findings.isEmpty()) {
            database.write(place.site(), tx -> incidents.clear(tx, place, Flow.EXPIRY, context));
            return;
        }
        Failure failure = reporter.failure(place, Flow.EXPIRY, Step.ALERTS, findings);
        IncidentImpact impact =
                deadline == null ? null : new IncidentImpact("syncs of " + place + " fail from then on", deadline);
        run.noted(database.write(place.site(), tx -> reporter.report(tx, failure, context.endangering(impact))));
    }

    /** The findings about future failures of a healthy site. */
    public static List<Finding> worries(Site site, List<ProbeResult> probes, Instant now) {
        Stream<Finding> ofProbes = probes.stream()
                .flatMap(probe -> probe.findings().stream())
                .filter(finding -> FUTURE_FAILURES.contains(finding.name()));
        return Stream.concat(ofProbes, client(site, now).stream()).toList();
    }

    /** A finding about the expiry date in the configuration if the date is near. */
    static Optional<Finding> client(Site site, Instant now) {
        Instant end = clientEnd(site);
        if (end == null || now.isBefore(end.minus(WARNING))) {
            return Optional.empty();
        }
        String phrase = "the API client " + site.ssm().client().id() + " expires on "
                + site.ssm().client().expires() + ", as written in the configuration";
        return Optional.of(new Finding(Findings.CLIENT_EXPIRES_SOON, phrase));
    }

    private static @Nullable Instant clientEnd(Site site) {
        LocalDate expires = site.ssm().client().expires();
        return expires == null ? null : expires.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static @Nullable Instant certificateEnd(List<ProbeResult> probes) {
        return probes.stream()
                .flatMap(probe -> CertificateEnds.of(probe).stream())
                .findFirst()
                .orElse(null);
    }

    /** The earlier of two deadlines if it is within the warning time, else null. */
    private @Nullable Instant earliest(@Nullable Instant one, @Nullable Instant other) {
        Instant earlier = one == null || (other != null && other.isBefore(one)) ? other : one;
        return earlier != null && clock.instant().isAfter(earlier.minus(WARNING)) ? earlier : null;
    }
}
