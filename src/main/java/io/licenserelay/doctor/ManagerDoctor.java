package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.manager.state.ManagerClientProbe;
import io.licenserelay.manager.state.ManagerInspection;
import io.licenserelay.manager.state.ManagerState;
import io.licenserelay.manager.state.SyncTerms;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks a site's SD-WAN Manager and the Manager's own client at SSM. Diagnoses are the same as in the relay's regular check. */
final class ManagerDoctor {
    private final Site site;
    private final SdwanManager manager;
    private final Rules rules;
    private final Clock clock;
    private final List<CheckResult> checks = new ArrayList<>();
    private @Nullable Diagnosis first;

    private ManagerDoctor(Site site, SdwanManager manager, Rules rules, Clock clock) {
        this.site = site;
        this.manager = manager;
        this.rules = rules;
        this.clock = clock;
    }

    /** Returns no checks if the site has no Manager. */
    static SiteDoctor.SiteChecks of(Site site, DoctorContext context) throws IOException {
        Clock clock = context.clock();
        SdwanManager manager = site.manager();
        if (manager == null) {
            return new SiteDoctor.SiteChecks(List.of(), null);
        }
        ManagerDoctor doctor = new ManagerDoctor(site, manager, context.rules(), clock);
        try (ManagerInspection inspection = ManagerInspection.looking(
                        site, context.refusals(), context.state(), context.redactor(), clock);
                ManagerClientProbe client = new ManagerClientProbe(
                        site, context.refusals(), new HttpRequests(clock), context.redactor(), clock)) {
            if (context.tryPasswords()) {
                inspection.allowAttempt();
                client.allowAttempt();
            }
            doctor.checkState(inspection.glance(site.probing().deadline()));
            doctor.checkPush(inspection);
            doctor.checkClient(client.run(
                    new ProbeTarget(site, null), Deadline.in(site.probing().deadline())));
        }
        return new SiteDoctor.SiteChecks(doctor.checks, doctor.first);
    }

    private void checkState(ManagerState state) {
        Throwable thrown = state.thrown();
        if (thrown != null) {
            Failure failure =
                    new FailureClassifier(clock).failure(site.place(), Flow.MANAGER, Step.MANAGER_LOGIN, thrown);
            diagnosed("manager login", failure.message(), failure);
        } else {
            addFinding(state, "manager login", "not observed", Findings.MANAGER_LOGGED_IN);
        }
        if (state.finding(Findings.MANAGER_LOGGED_IN).isEmpty()) {
            Stream.of("manager version", "manager settings", "manager compliance")
                    .forEach(name -> checks.add(CheckResult.skipped(name, "the login to the Manager failed")));
            return;
        }
        addFinding(state, "manager version", "not reported", Findings.MANAGER_TOO_OLD, Findings.MANAGER_VERSION_WELL);
        addFinding(
                state,
                "manager settings",
                "not reported",
                Findings.MANAGER_SETTINGS_WRONG,
                Findings.MANAGER_SETTINGS_WELL);
        addFinding(
                state,
                "manager compliance",
                state.detail("compliance").orElse("not reported")
                        + state.notes().stream().map(note -> "; " + note).collect(Collectors.joining()),
                Findings.MANAGER_SYNC_FAILED,
                Findings.MANAGER_SYNC_STALE,
                Findings.MANAGER_SYNCED);
        state.finding(Findings.MANAGER_ROLE_MISSING).ifPresent(role -> addProblem("manager role", role));
    }

    /** Checks everything about a sync request that is possible without sending one. */
    private void checkPush(ManagerInspection inspection) {
        if (site.reports().push() != Site.Reports.Push.MANAGER) {
            return;
        }
        try {
            SyncTerms terms = inspection.terms(site.probing().deadline());
            checks.add(CheckResult.ok(
                    "manager push",
                    "each run starts a sync of " + manager.url().getHost() + " as user "
                            + manager.user().name() + ", in mode "
                            + terms.mode()
                            + "; only a real request shows whether the role allows it (admin, or Software"
                            + " Upgrade with write access)"));
        } catch (IOException refused) {
            Failure failure = new FailureClassifier(clock).failure(site.place(), Flow.PUSH, Step.MANAGER_SYNC, refused);
            diagnosed("manager push", failure.message(), failure);
        }
    }

    /** @param unknown the text if none of the findings exists */
    private void addFinding(ManagerState state, String name, String unknown, String... findings) {
        Finding found = state.finding(findings).orElse(null);
        if (found == null) {
            checks.add(CheckResult.skipped(name, unknown));
        } else if (state.bad().contains(found)) {
            addProblem(name, found);
        } else {
            checks.add(CheckResult.ok(name, found.phrase()));
        }
    }

    private void addProblem(String name, Finding finding) {
        diagnosed(
                name,
                finding.phrase(),
                Failure.of(site.place(), Flow.MANAGER, Step.MANAGER_STATE, List.of(finding), null, clock.instant()));
    }

    private void checkClient(ProbeResult probe) {
        if (manager.ssmClient() == null) {
            checks.add(CheckResult.skipped(
                    "manager client", "manager.ssmClient is not set, so the client cannot be tested"));
            return;
        }
        String grants = probe.details().entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining(", "));
        boolean answered =
                probe.findings().stream().anyMatch(each -> each.name().startsWith("oauth.password."));
        if (probe.status() == Status.OK) {
            checks.add(CheckResult.ok("manager client", grants));
        } else if (probe.status() == Status.SKIPPED || !answered) {
            checks.add(CheckResult.skipped("manager client", grants));
        } else {
            diagnosed(
                    "manager client",
                    grants,
                    Failure.of(site.place(), Flow.MANAGER, Step.TOKEN, probe.findings(), null, clock.instant()));
        }
    }

    private void diagnosed(String name, String evidence, Failure failure) {
        Diagnosis diagnosis = rules.diagnose(Evidence.of(failure));
        first = Objects.requireNonNullElse(first, diagnosis);
        checks.add(CheckResult.diagnosed(name, diagnosis, evidence));
    }
}
