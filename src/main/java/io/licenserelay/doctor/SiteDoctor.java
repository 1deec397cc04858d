package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.SharedFolders;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.incident.event.SinceGoodRun;
import io.licenserelay.ssm.ApiCheck;
import io.licenserelay.ssm.ApiCheck.RequestOutcome;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.store.Database;
import io.licenserelay.sync.watch.BaselineStore;
import io.licenserelay.sync.watch.ExpiryCheck;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks one site: reads its lists like a pull does, and diagnoses a failure like that of a run, with the same probes, logs and
 * rules.
 */
final class SiteDoctor {
    private static final String CLOCK = "clock.";

    /** Separate checks report these probes. */
    private static final Set<String> REPORTED_SEPARATELY = Set.of("oauth", "manager");

    private static final Set<String> WITHHELD =
            Set.of(Findings.CREDENTIAL_WITHHELD, Findings.CREDENTIAL_WITHHELD_IN_OUTAGE);

    private final Site site;
    private final Rules rules;
    private final Clock clock;
    private final List<CheckResult> checks = new ArrayList<>();

    private SiteDoctor(Site site, Rules rules, Clock clock) {
        this.site = site;
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * The results.
     *
     * @param diagnosis the diagnosis of the first failure, or of an expiry in the near future; null if the site is healthy
     */
    record SiteChecks(List<CheckResult> checks, @Nullable Diagnosis diagnosis) {

        /** Adds the results of the site's Manager or devices. Their diagnosis is used only if this one is null. */
        private SiteChecks plus(SiteChecks others, Site site) {
            List<CheckResult> all = new ArrayList<>(checks);
            others.checks.forEach(check -> all.add(check.of(site.name())));
            return new SiteChecks(all, diagnosis == null ? others.diagnosis : diagnosis);
        }
    }

    static SiteChecks of(Site site, DoctorContext context) throws Exception {
        Database state = context.state();
        Clock clock = context.clock();
        SsmServer server = context.servers().of(site.name());
        try (ApiCheck endpoints = new ApiCheck(site, server, clock)) {
            server.begin(context.tryPasswords());
            SiteDoctor doctor = new SiteDoctor(site, context.rules(), clock);
            SiteChecks ssmChecks = doctor.examine(
                    endpoints.all(),
                    context.evidence(),
                    context.running(),
                    probes -> state == null
                            ? Optional.empty()
                            : BaselineStore.changed(state, site, server.fingerprint(), probes)
                                    .map(SinceGoodRun::line));
            return ssmChecks.plus(ManagerDoctor.of(site, context), site).plus(DeviceDoctor.of(site, context), site);
        }
    }

    /** @param changesSince gives the differences from the last successful run for the results of the probes */
    private SiteChecks examine(
            List<RequestOutcome> outcomes,
            Future<SiteEvidence> routes,
            boolean running,
            Function<List<ProbeResult>, Optional<String>> changesSince)
            throws InterruptedException, ExecutionException {
        Failure failure = outcomes.stream()
                .map(RequestOutcome::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        Evidence evidence = routes.get().collect(failure == null ? checkUp() : failure, site);
        Diagnosis diagnosis = diagnosis(failure, evidence);
        evidence.probes().stream()
                .filter(probe -> !REPORTED_SEPARATELY.contains(probe.probe()))
                .forEach(probe -> probe(probe, diagnosis, failure != null));
        checkClock(evidence, diagnosis);
        oauth(outcomes, diagnosis);
        outcomes.stream()
                .filter(each -> each.failure() == null || each.failure().step() != Step.TOKEN)
                .forEach(each -> endpoint(each, evidence));
        checks.addAll(SyslogPorts.of(site, running));
        checks.addAll(SharedFolders.checks(site));
        evidence.excerpts().forEach(log -> log(log, evidence, diagnosis));
        checkClientExpiry(evidence, diagnosis);
        changesSince
                .apply(evidence.probes())
                .ifPresent(differences -> checks.add(changed(differences, failure != null)));
        return new SiteChecks(
                checks.stream().map(check -> check.of(site.name())).toList(), diagnosis);
    }

    /** A difference is a warning if something fails, and otherwise harmless. */
    private static CheckResult changed(String differences, boolean failed) {
        return new CheckResult(null, "changed", failed ? Mark.WARNING : Mark.OK, null, differences, null);
    }

    private Failure checkUp() {
        return new Failure(
                site.place(),
                List.of(),
                Flow.PULL,
                Step.ACCOUNTS,
                "relay.check-up",
                "a check-up",
                List.of(),
                null,
                clock.instant());
    }

    /** Without a failure, only expiries in the near future are causes. */
    private @Nullable Diagnosis diagnosis(@Nullable Failure failure, Evidence evidence) {
        if (failure != null) {
            return rules.diagnose(evidence);
        }
        List<Finding> expiries = ExpiryCheck.worries(site, evidence.probes(), clock.instant());
        return expiries.isEmpty()
                ? null
                : rules.diagnose(Evidence.of(
                        Failure.of(site.place(), Flow.EXPIRY, Step.ALERTS, expiries, null, clock.instant())));
    }

    private void probe(ProbeResult probe, @Nullable Diagnosis diagnosis, boolean failed) {
        List<Finding> findings = probe.findings().stream()
                .filter(each -> !each.name().startsWith(CLOCK))
                .toList();
        String phrase = findings.isEmpty() ? probe.target() + ": " + probe.reason() : phrases(findings);
        switch (probe.status()) {
            case OK -> add(probe.probe(), Mark.OK, phrase, findings, diagnosis);
            case SKIPPED -> checks.add(CheckResult.skipped(probe.probe(), "not checked: " + reasonAndTarget(probe)));
            case ERROR ->
                checks.add(new CheckResult(
                        null,
                        probe.probe(),
                        Mark.WARNING,
                        null,
                        "could not be checked: " + reasonAndTarget(probe),
                        null));
            case FAILED -> add(probe.probe(), failed ? Mark.ERROR : Mark.WARNING, phrase, findings, diagnosis);
        }
    }

    private static String reasonAndTarget(ProbeResult probe) {
        return probe.reason() + (probe.target().isEmpty() ? "" : " (" + probe.target() + ")");
    }

    private void checkClock(Evidence evidence, @Nullable Diagnosis diagnosis) {
        List<Finding> findings = evidence.findings().stream()
                .filter(each -> each.name().startsWith(CLOCK))
                .toList();
        if (findings.isEmpty()) {
            checks.add(CheckResult.skipped("clock", "no answer contained the server's time"));
            return;
        }
        boolean healthy = findings.stream().allMatch(each -> each.name().equals("clock.well"));
        add("clock", healthy ? Mark.OK : Mark.WARNING, phrases(findings), findings, diagnosis);
    }

    private void oauth(List<RequestOutcome> outcomes, @Nullable Diagnosis diagnosis) {
        String grant = site.ssm().grant().wireName();
        Failure refused = outcomes.stream()
                .map(RequestOutcome::failure)
                .filter(failure -> failure != null && failure.step() == Step.TOKEN)
                .findFirst()
                .orElse(null);
        if (refused != null && !isAnswered(refused) && checks.stream().anyMatch(check -> check.mark() == Mark.ERROR)) {
            checks.add(CheckResult.skipped("oauth", "no connection to the server"));
        } else if (refused != null) {
            add("oauth", Mark.ERROR, refused.message(), refused.findings(), diagnosis);
            if (refused.findings().stream().anyMatch(each -> WITHHELD.contains(each.name()))) {
                checks.add(
                        CheckResult.skipped("password", "not sent; license-relay doctor --try-password sends it once"));
            }
        } else if (outcomes.stream().anyMatch(SiteDoctor::answered)) {
            checks.add(CheckResult.ok("oauth", "a token was granted for the " + grant + " grant"));
        } else {
            checks.add(CheckResult.skipped("oauth", "no connection to the server"));
        }
    }

    private static boolean answered(RequestOutcome outcome) {
        return outcome.failure() == null || isAnswered(outcome.failure());
    }

    private static boolean isAnswered(Failure failure) {
        HttpExchangeRecord exchange = failure.exchange();
        return exchange != null && exchange.status() != null;
    }

    private void endpoint(RequestOutcome outcome, Evidence evidence) {
        String name = "api " + outcome.resource().wireName();
        Failure failure = outcome.failure();
        if (failure == null) {
            checks.add(CheckResult.ok(name, outcome.place() + ": allowed"));
            return;
        }
        if (!answered(outcome) && checks.stream().anyMatch(check -> check.mark() == Mark.ERROR)) {
            checks.add(CheckResult.skipped(name, "no connection to the server"));
            return;
        }
        String phrase = outcome.place() + ": " + statusPrefix(failure) + failure.message();
        Diagnosis own = rules.diagnose(Evidence.of(failure, evidence.probes(), evidence.excerpts(), List.of()));
        Mark mark = Mark.of(own.severity());
        checks.add(new CheckResult(
                null, name, mark, own.code(), phrase, own.remedy().get(0)));
    }

    private static String statusPrefix(Failure failure) {
        HttpExchangeRecord exchange = failure.exchange();
        int status = exchange == null || exchange.status() == null ? 0 : exchange.status();
        return switch (status) {
            case 403 -> "403, ";
            case 404, 405 -> "absent, ";
            default -> "";
        };
    }

    private void log(LogExcerpt log, Evidence evidence, @Nullable Diagnosis diagnosis) {
        String name = "log " + log.source();
        List<Finding> findings = evidence.findings().stream()
                .filter(each ->
                        each.name().startsWith("ssm-log.") && each.phrase().startsWith(name + ":"))
                .toList();
        if (log.lines().isEmpty() && isReceived(log)) {
            checks.add(CheckResult.skipped(name, log.path() + ": no message received yet"));
        } else if (log.lines().isEmpty()) {
            checks.add(CheckResult.bad(
                    Mark.WARNING,
                    name,
                    log.path() + ": " + log.note(),
                    isConfigured(log)
                            ? "give this user read access to the file, or correct logs: of site " + site.name()
                                    + " in the configuration"
                            : "check that its source answers, and correct the route log-" + log.source()));
        } else if (!findings.isEmpty()) {
            add(name, Mark.WARNING, phrases(findings), findings, diagnosis);
        } else {
            String newest = log.to() == null ? "no line has a readable time" : "newest line of " + Table.time(log.to());
            checks.add(CheckResult.ok(name, log.path() + ": " + newest));
        }
    }

    /** Whether the log is in the configuration. An operator's route fetches any other log. */
    private boolean isConfigured(LogExcerpt log) {
        return site.logs().stream().anyMatch(each -> each.name().equals(log.source()));
    }

    private boolean isReceived(LogExcerpt log) {
        return site.logs().stream()
                .anyMatch(each -> each.syslog() != null && each.name().equals(log.source()));
    }

    private void checkClientExpiry(Evidence evidence, @Nullable Diagnosis diagnosis) {
        List<Finding> findings = ExpiryCheck.worries(site, evidence.probes(), clock.instant()).stream()
                .filter(each -> each.name().startsWith("client."))
                .toList();
        boolean reported = evidence.probes().stream()
                .flatMap(probe -> probe.findings().stream())
                .anyMatch(each -> each.name().startsWith("client."));
        if (!findings.isEmpty() && !reported) {
            add("client", Mark.WARNING, phrases(findings), findings, diagnosis);
        }
    }

    /** Adds a check with the cause that is based on these findings, if there is one: the primary cause or a further one. */
    private void add(String name, Mark mark, String phrase, List<Finding> findings, @Nullable Diagnosis diagnosis) {
        Cause cause = causes(diagnosis)
                .filter(each -> findings.stream().map(Finding::name).anyMatch(each.because()::contains))
                .findFirst()
                .orElse(null);
        if (cause == null || !indicatesProblem(cause, findings, mark)) {
            checks.add(new CheckResult(null, name, mark, null, phrase, null));
            return;
        }
        Mark byCause = rules.entry(cause.code())
                .map(entry -> Mark.of(entry.severity()))
                .orElse(mark);
        checks.add(new CheckResult(null, name, byCause, cause.code(), phrase, cause.fix()));
    }

    /** A healthy finding can be part of a proof. It still counts as healthy, unless it is an expiry. */
    private static boolean indicatesProblem(Cause cause, List<Finding> findings, Mark mark) {
        return mark != Mark.OK
                || findings.stream()
                        .anyMatch(each -> each.name().endsWith("expires-soon")
                                && cause.because().contains(each.name()));
    }

    private static Stream<Cause> causes(@Nullable Diagnosis diagnosis) {
        if (diagnosis == null) {
            return Stream.empty();
        }
        Cause primary = new Cause(
                diagnosis.code(), diagnosis.because(), diagnosis.remedy().get(0));
        return Stream.concat(
                Stream.of(primary),
                diagnosis.besides().stream()
                        .map(other -> new Cause(
                                other.code(), other.because(), other.remedy().get(0))));
    }

    private static String phrases(List<Finding> findings) {
        return findings.stream().map(Finding::phrase).collect(Collectors.joining("; "));
    }

    private record Cause(String code, List<String> because, String fix) {}
}
