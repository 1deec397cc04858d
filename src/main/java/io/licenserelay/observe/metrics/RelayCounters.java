package io.licenserelay.observe.metrics;

import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.observe.RelayObserver;
import io.licenserelay.sync.run.SyncOutcome;
import io.licenserelay.text.WireNamed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what happens. Every combination of labels is bounded: sites of the configuration and words of closed lists. Thread-safe. */
final class RelayCounters implements RelayObserver {
    private static final Duration[] RUN_BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1)
    };
    private static final Duration[] HTTP_BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    /** The probes of the relay. A probe of an operator's route counts as {@link #OTHER}. */
    private static final Set<String> PROBES = Set.of(
            "dns", "tcp", "tls", "http", "oauth", "ntp", "ping", "ssm-state", "manager", "manager-client", "capture");

    private static final Set<String> PHASES = Set.of("resolve", "connect", "tls", "wait", "transfer");
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Map<String, Instant> certificateEnds = new ConcurrentHashMap<>();

    RelayCounters(MeterRegistry registry) {
        this.registry = registry;
        for (Answer answer : Answer.values()) {
            tokens(answer);
        }
        for (Severity severity : Severity.values()) {
            incidents(severity);
        }
    }

    /** Shows the counters of a site as 0 before something happens there, so that the first event is an increase. */
    void show(String site) {
        for (SyncOutcome outcome : SyncOutcome.values()) {
            runs(site, outcome);
        }
        passwords(site);
    }

    @Override
    public void finished(String site, SyncOutcome outcome, Duration took) {
        runs(site, outcome).increment();
        Timer.builder("license.relay.run.duration")
                .description("Duration of finished runs of all sites")
                .tag("outcome", outcome.wireName())
                .serviceLevelObjectives(RUN_BUCKETS)
                .register(registry)
                .record(took);
    }

    @Override
    public void answered(HttpCall call, int status, Duration took) {
        requests(call, status / 100 + "xx").record(took);
    }

    @Override
    public void unanswered(HttpCall call, Duration took) {
        requests(call, "none").record(took);
    }

    @Override
    public void requested(Site site, Answer answer) {
        tokens(answer).increment();
    }

    @Override
    public void withheld(Site site) {
        passwords(site.name()).increment();
    }

    @Override
    public void probed(Site site, ProbeResult result) {
        String probe = PROBES.contains(result.probe()) ? result.probe() : OTHER;
        Counter.builder("license.relay.probes")
                .description("Finished probes")
                .tag("probe", probe)
                .tag("status", result.status().wireName())
                .register(registry)
                .increment();
        result.millis().forEach((phase, millis) -> Timer.builder("license.relay.probe.phase.duration")
                .description("Duration of the phases of probes")
                .tag("probe", probe)
                .tag("phase", PHASES.contains(phase) ? phase : OTHER)
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1_000_000))));
        if (result.probe().equals("tls")) {
            result.ofServerCertificate("notAfter")
                    .flatMap(RelayCounters::instant)
                    .ifPresent(end -> certificateEnds.put(site.name(), end));
        }
    }

    @Override
    public void opened(Incident incident) {
        incidents(incident.severity()).increment();
    }

    /** When the certificate ends that the SSM of the site presented to the last TLS probe; empty if none did since the start. */
    Optional<Instant> certificateEnd(String site) {
        return Optional.ofNullable(certificateEnds.get(site));
    }

    private Counter runs(String site, SyncOutcome outcome) {
        return Counter.builder("license.relay.runs")
                .description("Finished runs")
                .tag("site", site)
                .tag("outcome", outcome.wireName())
                .register(registry);
    }

    private Counter passwords(String site) {
        return Counter.builder("license.relay.password.attempts.withheld")
                .description("Password attempts that the relay did not make, so that no account is locked")
                .tag("site", site)
                .register(registry);
    }

    private Counter tokens(WireNamed answer) {
        return Counter.builder("license.relay.token.requests")
                .description("Token requests to the SSM of all sites")
                .tag("answer", answer.wireName())
                .register(registry);
    }

    private Counter incidents(Severity severity) {
        return Counter.builder("license.relay.incidents.opened")
                .description("Incidents that were opened, by their severity then")
                .tag("severity", severity.wireName())
                .register(registry);
    }

    private Timer requests(HttpCall call, String status) {
        return Timer.builder("license.relay.http.request.duration")
                .description("Time from an HTTP request of the relay to the head of its answer")
                .tag("target", target(call.step()))
                .tag("status", status)
                .serviceLevelObjectives(HTTP_BUCKETS)
                .register(registry);
    }

    /** Only sessions with devices send requests in the step inbox. */
    private static String target(Step step) {
        if (step.isAtManager()) {
            return "manager";
        }
        return step == Step.INBOX ? "device" : "ssm";
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException notOurs) {
            return Optional.empty();
        }
    }
}
