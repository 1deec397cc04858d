package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.kafka.KafkaUnavailable;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Plural;
import io.licenserelay.view.incidents.IncidentEntry;
import io.licenserelay.view.incidents.IncidentList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks what the relay itself needs: data folder, disk, Kafka, and unfinished work. Changes nothing. */
final class RelayDoctor {
    private static final long MEGABYTE = 1 << 20;
    private static final long LOW = 1024 * MEGABYTE;
    private static final long FULL = 50 * MEGABYTE;
    private static final int SHOWN_INCIDENTS = 3;

    private final Rules rules;
    private final Clock clock;

    RelayDoctor(Rules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /** Checks the data folder and the free space of its disk. */
    List<CheckResult> data(Path folder) throws IOException {
        List<CheckResult> checks = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            checks.add(CheckResult.skipped("data", folder + " does not exist: no relay has run yet"));
            return checks;
        }
        checks.add(
                Files.isWritable(folder)
                        ? CheckResult.ok(
                                "data",
                                folder
                                        + (DataFolder.isHeld(folder)
                                                ? " is in use by a running relay"
                                                : " is not in use: no relay runs"))
                        : CheckResult.bad(
                                Mark.WARNING,
                                "data",
                                "this user may not write to " + folder,
                                "use a user with write access for run and sync; read access is enough for read-only commands"));
        long left = Files.getFileStore(folder).getUsableSpace();
        String phrase = left / MEGABYTE + " MiB free for " + folder;
        if (left < FULL) {
            checks.add(diagnosed("disk", Findings.STORE_UNWRITABLE, phrase));
        } else if (left < LOW) {
            checks.add(CheckResult.bad(Mark.WARNING, "disk", phrase, "free space, or move --data to a larger disk"));
        } else {
            checks.add(CheckResult.ok("disk", phrase));
        }
        return checks;
    }

    /**
     * The check of a database that could not be opened for reading.
     *
     * @param shared whether relays share it on a server
     */
    CheckResult unreadable(StoreFailed failure, boolean shared) {
        if (failure.unfitSchema().isPresent()) {
            return CheckResult.bad(
                    Mark.ERROR,
                    "database",
                    String.valueOf(failure.getMessage()),
                    switch (failure.unfitSchema().get()) {
                        case OLDER -> "start a relay of this version";
                        case TOO_NEW -> "install the newer version of License Relay again";
                        default ->
                            shared ? "give relay.store.url an empty database" : "move the data folder to another place";
                    });
        }
        String finding = failure.isCorrupt() ? Findings.STORE_CORRUPT : Findings.STORE_UNWRITABLE;
        return diagnosed("database", finding, String.valueOf(failure.getMessage()));
    }

    /** Checks brokers and topics without creating topics. The client's timeout of 10 s limits the duration. */
    List<CheckResult> kafka(Settings settings) throws InterruptedException {
        try {
            List<String> missing = new TopicSetup(settings).missing();
            String brokers = settings.kafka().brokers();
            return List.of(
                    missing.isEmpty()
                            ? CheckResult.ok("kafka", brokers + " answers, all topics exist")
                            : CheckResult.bad(
                                    Mark.WARNING,
                                    "kafka",
                                    brokers + " answers, but these topics are missing: " + String.join(", ", missing),
                                    "license-relay check"));
        } catch (KafkaUnavailable unavailable) {
            return List.of(diagnosed("kafka", Findings.KAFKA_UNREACHABLE, String.valueOf(unavailable.getMessage())));
        }
    }

    /** Where a running relay serves health and metrics; empty if it serves none, which is no finding. */
    static Optional<CheckResult> management(Settings settings) {
        return Optional.ofNullable(settings.management())
                .map(address -> CheckResult.ok(
                        "management", "run serves http://" + address + "/health/live, /health/ready and /metrics"));
    }

    /** Checks waiting events, stopped reports, deadlines, bundles and open incidents. */
    List<CheckResult> state(@Nullable Database state) {
        if (state == null) {
            return Stream.of("outbox", "reports", "deadlines", "bundles", "incidents")
                    .map(name -> CheckResult.skipped(name, "no data yet"))
                    .toList();
        }
        Outbox.Waiting waiting = new Outbox(state, new LicenseEvents(), clock).waiting();
        CheckResult outbox = waiting.rows() == 0
                ? CheckResult.ok("outbox", "no event waits for Kafka")
                : CheckResult.bad(
                        Mark.WARNING,
                        "outbox",
                        Plural.of(waiting.rows(), "event waits", "events wait") + " for Kafka since " + waiting.since(),
                        "license-relay run or sync sends them once Kafka answers");
        LedgerView ledger = new LedgerView(state);
        return List.of(
                outbox, reports(ledger), deadlines(ledger), bundles(ledger), incidents(IncidentList.open(state)));
    }

    /** The open incidents. */
    private static CheckResult incidents(List<IncidentEntry> open) {
        if (open.isEmpty()) {
            return CheckResult.ok("incidents", "no incident is open");
        }
        String listed = open.stream()
                .limit(SHOWN_INCIDENTS)
                .map(each -> each.summary() + " since " + each.openedAt())
                .collect(Collectors.joining("; "));
        String more = open.size() > SHOWN_INCIDENTS ? "; and " + (open.size() - SHOWN_INCIDENTS) + " more" : "";
        return CheckResult.bad(
                Mark.WARNING,
                "incidents",
                open.size() + " open: " + listed + more,
                "license-relay incidents lists the next steps; after the fix, the next successful sync resolves them");
    }

    private static CheckResult reports(LedgerView ledger) {
        long held = ledger.count(ReportState.HELD);
        long rejected = ledger.count(ReportState.REJECTED);
        String phrase = held + " held, " + rejected + " rejected";
        if (held + rejected == 0) {
            return CheckResult.ok("reports", phrase);
        }
        String state = (rejected > 0 ? ReportState.REJECTED : ReportState.HELD).wireName();
        return CheckResult.bad(Mark.WARNING, "reports", phrase, "license-relay reports list --state " + state);
    }

    /** The devices whose usage is overdue for acknowledgement, or that are silent. */
    private CheckResult deadlines(LedgerView ledger) {
        Instant now = clock.instant();
        Map<String, Long> counts = new TreeMap<>();
        long all =
                ledger.eachDevice(device -> warnings(device, now).forEach(word -> counts.merge(word, 1L, Long::sum)));
        long unwatched = Objects.requireNonNullElse(counts.remove(ExpectedDevice.NOT_WATCHED), 0L);
        String phrase = Plural.of(all, "device") + " must report"
                + (unwatched == 0
                        ? ""
                        : ", " + unwatched + " of them " + ExpectedDevice.NOT_WATCHED + " (no deadline)");
        if (counts.isEmpty()) {
            return CheckResult.ok("deadlines", phrase + (unwatched < all ? ", none is near its deadline" : ""));
        }
        String details = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return CheckResult.bad(
                counts.containsKey("overdue") ? Mark.ERROR : Mark.WARNING,
                "deadlines",
                phrase + ": " + details,
                "license-relay reports devices");
    }

    private static List<String> warnings(ExpectedDevice device, Instant now) {
        return device.isWatched() ? device.worries(now) : List.of(ExpectedDevice.NOT_WATCHED);
    }

    /** The bundles that an operator must upload to Cisco, or whose ACK bundle must be brought back. */
    private static CheckResult bundles(LedgerView ledger) {
        List<LedgerView.Carried> carried = ledger.carried();
        if (carried.isEmpty()) {
            return CheckResult.ok("bundles", "no bundle is in transfer");
        }
        LedgerView.Carried oldest = carried.get(0);
        long late = carried.stream().filter(LedgerView.Carried::late).count();
        String phrase = carried.size() + " in transfer, " + late + " late; the oldest since "
                + Table.time(oldest.writtenAt()) + ": " + oldest.file();
        return late == 0
                ? CheckResult.ok("bundles", phrase)
                : CheckResult.bad(
                        Mark.WARNING,
                        "bundles",
                        phrase,
                        "upload each bundle to Cisco, and put the returned ACK bundle into the inbox");
    }

    private CheckResult diagnosed(String name, String finding, String phrase) {
        Failure failure = Failure.of(
                Place.relay(), Flow.RELAY, Step.PUBLISH, List.of(new Finding(finding, phrase)), null, clock.instant());
        return CheckResult.diagnosed(name, rules.diagnose(Evidence.of(failure)), phrase);
    }
}
