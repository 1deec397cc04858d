package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.incident.event.IncidentImpact;
import io.licenserelay.inventory.EndDates;
import io.licenserelay.inventory.EndDates.Ending;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.text.Plural;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Reports licenses and subscriptions that end within 90 days, and raises the severity as the date approaches. */
public final class LicenseExpiryCheck {
    private static final Duration WINDOW = Duration.ofDays(90);
    private static final Duration SOON = Duration.ofDays(30);

    private final IncidentReporter reporter;
    private final Incidents incidents;
    private final SyncService runs;
    private final Clock clock;

    public LicenseExpiryCheck(IncidentReporter reporter, Incidents incidents, SyncService runs, Clock clock) {
        this.reporter = reporter;
        this.incidents = incidents;
        this.runs = runs;
        this.clock = clock;
    }

    /** Opens, updates or resolves the incident of flow {@code expiry} of a virtual account that was just applied. */
    public void report(Handle tx, SyncRun run, Place place) {
        Instant now = clock.instant();
        EndDates ending = EndDates.of(tx, place.id(), now, now.plus(WINDOW));
        IncidentContext context = runs.contextOf(run);
        if (ending.first().isEmpty()) {
            incidents.clear(tx, place, Flow.EXPIRY, context);
            return;
        }
        Ending first = ending.first().get(0);
        boolean soon = first.at().isBefore(now.plus(SOON));
        String phrase = phrase(ending, now);
        Finding finding = new Finding(soon ? Findings.LICENSES_END_SOON : Findings.LICENSES_END_AHEAD, phrase);
        IncidentImpact impact = new IncidentImpact("the " + first.kind() + " " + first.name() + " ends", first.at());
        run.noted(reporter.report(
                tx,
                reporter.failure(place, Flow.EXPIRY, Step.SUBSCRIPTIONS, List.of(finding)),
                context.endangering(impact),
                ending.concerned(tx, place, now, now.plus(WINDOW))));
    }

    private static String phrase(EndDates ending, Instant now) {
        long all = ending.licenses() + ending.subscriptions();
        String named = ending.first().stream()
                .map(each -> each.kind() + " " + each.name() + " on "
                        + each.at().atOffset(ZoneOffset.UTC).toLocalDate() + " (in "
                        + Plural.of(Duration.between(now, each.at()).toDays(), "day") + ")")
                .collect(Collectors.joining(", "));
        String more =
                all > ending.first().size() ? " and " + (all - ending.first().size()) + " more" : "";
        return Plural.of(ending.licenses(), "license") + " and " + Plural.of(ending.subscriptions(), "subscription")
                + " end within " + WINDOW.toDays() + " days: " + named + more;
    }
}
