package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.device.DeviceCheck;
import io.licenserelay.text.Plural;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks every device whose reports a site reads: connection, certificate, login, and the number of reports. */
final class DeviceDoctor {
    private final Site site;
    private final Rules rules;
    private final Redactor redactor;
    private final Clock clock;
    private final List<CheckResult> checks = new ArrayList<>();
    private @Nullable Diagnosis first;

    private DeviceDoctor(Site site, Rules rules, Redactor redactor, Clock clock) {
        this.site = site;
        this.rules = rules;
        this.redactor = redactor;
        this.clock = clock;
    }

    /** Returns no checks if the site has no devices. */
    static SiteDoctor.SiteChecks of(Site site, DoctorContext context) throws InterruptedException {
        DeviceDoctor doctor = new DeviceDoctor(site, context.rules(), context.redactor(), context.clock());
        Devices devices = site.reports().devices();
        if (devices != null) {
            DeviceCheck.of(site, devices, context.refusals(), context.tryPasswords(), context.clock())
                    .forEach(doctor::add);
        }
        return new SiteDoctor.SiteChecks(doctor.checks, doctor.first);
    }

    private void add(DeviceCheck.Outcome outcome) {
        String name = "device " + outcome.device().name();
        Finding problem = outcome.trouble();
        if (problem == null) {
            String reports = outcome.reports() < 0
                    ? "it does not report the number of its reports"
                    : Plural.of(outcome.reports(), "report");
            checks.add(CheckResult.ok(name, outcome.device().url() + ": connected, trusted, logged in; " + reports));
            return;
        }
        Failure failure = Failure.of(site.place(), Flow.PUSH, Step.INBOX, List.of(problem), null, clock.instant());
        Diagnosis diagnosis = rules.diagnose(Evidence.of(failure));
        first = Objects.requireNonNullElse(first, diagnosis);
        checks.add(CheckResult.diagnosed(name, diagnosis, redactor.redact(problem.phrase()))
                .fixedBy(remedy(diagnosis, problem)));
    }

    /** The remedy steps of LIC5008 begin with the name of the finding that they fix. */
    private static String remedy(Diagnosis diagnosis, Finding problem) {
        return diagnosis.remedy().stream()
                .filter(step -> step.startsWith(problem.name() + ": "))
                .map(step -> step.substring(problem.name().length() + 2))
                .findFirst()
                .orElseGet(() -> diagnosis.remedy().get(0));
    }
}
