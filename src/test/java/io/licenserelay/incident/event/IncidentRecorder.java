package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.EvidenceForm;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.ServiceLogFormat;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.event.RelayIdentity;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.fixture.TemporaryFolder;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.bundle.BundleReference;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.redact.Redactor;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Incidents in a real database, at a time that the test sets, and the events that they cause. The extension opens a new database before
 * each test, and deletes it after the test. Register it as an instance field.
 */
public final class IncidentRecorder implements BeforeEachCallback, AfterEachCallback {
    public static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    public static final String SECRET = "s3cr3t+/=with umlaut ü";
    public static final RelayIdentity RELAY =
            new RelayIdentity("relay-eu", "relay1.example.net", "3f0c7d8e-0000-4000-8000-000000000001", "1.0");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rules rules = Rules.packed();
    private @Nullable TemporaryFolder folder;
    private @Nullable Database database;
    private int maxBytes = 65_536;
    private EvidenceForm evidenceForm = EvidenceForm.SHORT;
    private Settings.Projections projections = Settings.Projections.NONE;
    private Instant now = Instant.parse("2026-01-13T12:00:00Z");
    private Duration setForward = Duration.ZERO;
    private Duration interval = Duration.ofDays(1);
    private long run = 4710;
    private String secret = SECRET;
    private @Nullable Site site;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = TemporaryFolder.create();
        database = TestStore.current().open(folder.path());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try (TemporaryFolder last = folder;
                Database first = database) {
            // Resources close in the reverse of this order.
        }
    }

    /** Limits the size of an event. */
    IncidentRecorder maxBytes(int bytes) {
        maxBytes = bytes;
        return this;
    }

    /** Sets the site of the runs. */
    public IncidentRecorder site(Site siteOfRuns) {
        site = siteOfRuns;
        return this;
    }

    /** Sets another secret that must not be published. */
    IncidentRecorder secret(String value) {
        secret = value;
        return this;
    }

    /** Events contain the full evidence, up to the size limit. */
    IncidentRecorder fullEvidence() {
        evidenceForm = EvidenceForm.FULL;
        return this;
    }

    public IncidentRecorder projections(Settings.Projections enabled) {
        projections = enabled;
        return this;
    }

    public Instant now() {
        return now;
    }

    public IncidentRecorder later(Duration duration) {
        now = now.plus(duration);
        return this;
    }

    /** Sets the wall clock forward, but not the clock of deadlines. */
    IncidentRecorder clockSetForward(Duration by) {
        now = now.plus(by);
        setForward = setForward.plus(by);
        return this;
    }

    /** The next run observes this failure. */
    public Incident fails(Failure failure, LogExcerpt... logs) {
        return fails(Evidence.of(failure, List.of(), List.of(logs), List.of()));
    }

    /** The next run observes this failure of these items. */
    public Incident fails(Failure failure, ConcernedItems concerned) {
        Evidence evidence = Evidence.of(failure);
        IncidentContext context = nextRun();
        return database().write(Database.RELAY, tx -> incidents()
                .record(tx, rules.diagnose(evidence), evidence, context, concerned));
    }

    /** The next run observes this evidence. */
    public Incident fails(Evidence evidence) {
        IncidentContext context = nextRun();
        return database()
                .write(Database.RELAY, tx -> incidents().record(tx, rules.diagnose(evidence), evidence, context));
    }

    /** A sync of an operator observes this failure. */
    public Incident failsForAnOperator(Failure failure) {
        return fails(failure, contextOf(++run, "operator"));
    }

    /** The failure is observed between two runs, for example by the check of the inbox. */
    public Incident failsBetweenRuns(Failure failure) {
        return fails(failure, contextOf(0, "reports"));
    }

    /** The same run observes another failure. */
    public Incident failsAgainInTheSameRun(Failure failure) {
        return fails(failure, contextOf(run, "schedule"));
    }

    private Incident fails(Failure failure, IncidentContext context) {
        Evidence evidence = Evidence.of(failure);
        return database()
                .write(Database.RELAY, tx -> incidents().record(tx, rules.diagnose(evidence), evidence, context));
    }

    /** The next run observes a failure of this severity, optionally with a deadline. */
    public Incident fails(Failure failure, Severity severity, @Nullable Instant deadline) {
        Evidence evidence = Evidence.of(failure);
        Diagnosis known = rules.diagnose(evidence);
        Diagnosis diagnosis = new Diagnosis(
                known.code(),
                known.title(),
                known.confidence(),
                known.owner(),
                severity,
                known.because(),
                known.ruledOut(),
                known.remedy(),
                known.others(),
                known.sideFacts());
        IncidentImpact impact = deadline == null ? null : new IncidentImpact("a test", deadline);
        IncidentContext context = nextRun().endangering(impact);
        return database().write(Database.RELAY, tx -> incidents().record(tx, diagnosis, evidence, context));
    }

    /** Time passes without a run, and then the checks that depend on time run. */
    public IncidentRecorder timePasses(Duration duration) {
        later(duration);
        IncidentContext context = contextOf(0, "clock");
        for (Incident each : database().read(tx -> incidents().withRisenSeverity(tx))) {
            database().write(Database.RELAY, tx -> incidents().raise(tx, each.id(), context));
        }
        for (Incident each : database().read(tx -> incidents().stable(tx))) {
            database().write(Database.RELAY, tx -> incidents().resolveStable(tx, each.id(), context));
        }
        for (Incident each : database().read(tx -> incidents().unobserved(tx))) {
            database().write(Database.RELAY, tx -> incidents().renew(tx, each.id(), context));
        }
        return this;
    }

    /** Sets the time between two runs. */
    public IncidentRecorder runEvery(Duration time) {
        interval = time;
        return this;
    }

    /** The next run observes that the place and flow is healthy. */
    public Optional<Incident> recovers(Place place, Flow flow) {
        IncidentContext context = nextRun();
        return database().write(Database.RELAY, tx -> incidents().clear(tx, place, flow, context));
    }

    /** The place is no longer monitored. */
    public void stopsMonitoring(Place place, String why) {
        IncidentContext context = nextRun();
        database().write(Database.RELAY, tx -> {
            incidents().retire(tx, each -> each.equals(place) ? Optional.of(why) : Optional.empty(), context);
            return 1;
        });
    }

    public List<Incident> open() {
        return database().read(tx -> incidents().open(tx));
    }

    public Database database() {
        return Objects.requireNonNull(database, "the database exists only while a test runs");
    }

    long run() {
        return run;
    }

    /** Takes every event out of the outbox, in order. */
    public List<OutboxRecord> published() {
        List<OutboxRecord> all = new ArrayList<>();
        for (List<OutboxRecord> batch = outbox().next(100); !batch.isEmpty(); batch = outbox().next(100)) {
            all.addAll(batch);
            outbox().published(batch);
        }
        return all;
    }

    public List<JsonNode> events() {
        return new ArrayList<>(published().stream().map(IncidentRecorder::json).toList());
    }

    public static JsonNode json(OutboxRecord record) {
        try {
            return JSON.readTree(Objects.requireNonNull(record.value()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pull that failed at the place with this finding. */
    public Failure pull(Place place, String finding, String message) {
        return failure(place, List.of(), finding, message, "a body");
    }

    /** A file in the inbox of the place that is not a report. */
    public Failure push(Place place, String message) {
        List<Finding> findings = List.of(new Finding(Findings.REPORT_UNREADABLE, message));
        return Failure.of(place, Flow.PUSH, Step.INBOX, findings, null, now);
    }

    public Failure failure(Place place, List<Place> folded, String finding, String message, String body) {
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "POST",
                "https://ssm.example.net:8443/oauth/token",
                401,
                Map.of("content-type", "text/plain"),
                body,
                now,
                Duration.ofMillis(5));
        List<Finding> findings = List.of(new Finding(finding, message));
        return new Failure(place, folded, Flow.PULL, Step.TOKEN, finding, message, findings, exchange, now);
    }

    /** A new instance each time, as after a restart, because no state may be only in memory. */
    public Incidents incidents() {
        Redactor redactor = Redactor.of(() -> List.of(secret.toCharArray()));
        return new Incidents(
                outbox(),
                redactor,
                settings(),
                new BundleReference.InFolder(Path.of("evidence").toAbsolutePath()),
                RELAY,
                Clock.fixed(now, ZoneOffset.UTC),
                Clock.fixed(now.minus(setForward), ZoneOffset.UTC));
    }

    private Settings settings() {
        Map<Topic, String> topics = Stream.of(Topic.values()).collect(Collectors.toMap(each -> each, Topic::key));
        return new Settings(
                RELAY.name(),
                new Settings.Kafka("none:9092", Duration.ofSeconds(1), Duration.ofSeconds(1), Map.of()),
                topics,
                "urn:license-relay:",
                maxBytes,
                evidenceForm,
                5,
                new Settings.Flap(3, Duration.ofHours(24)),
                projections,
                16,
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                Duration.ZERO,
                Settings.Bundles.STANDARD,
                WebSettings.DEFAULT,
                null,
                ServiceLogFormat.TEXT,
                null,
                Map.of(),
                List.of());
    }

    private Outbox outbox() {
        return new Outbox(database(), new LicenseEvents(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private IncidentContext nextRun() {
        return contextOf(++run, "schedule");
    }

    private IncidentContext contextOf(long number, String cause) {
        return new IncidentContext(site, number, now, cause, TRACE, now, interval, null, null);
    }
}
