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
import io.licenserelay.incident.OpenIncident;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A look at what the relay itself needs: its data folder, its disk, Kafka, and what waits. Changes nothing. */
final class RelayDoctor {
    private static final long MEGABYTE = 1 << 20;
    private static final long SCARCE = 1024 * MEGABYTE;
    private static final long FULL = 50 * MEGABYTE;
    private static final int SHOWN_INCIDENTS = 3;

    private final Rules rules;
    private final Clock clock;

    RelayDoctor(Rules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /** The folder, and the disk below it. */
    List<CheckResult> data(Path folder) throws IOException {
        List<CheckResult> checks = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            checks.add(CheckResult.skipped("data", folder + " is not there: no relay has run yet"));
            return checks;
        }
        checks.add(
                Files.isWritable(folder)
                        ? CheckResult.ok(
                                "data",
                                folder
                                        + (DataFolder.isHeld(folder)
                                                ? " is held by a running relay"
                                                : " is free: no relay runs"))
                        : CheckResult.bad(
                                Mark.WARNING,
                                "data",
                                "this user may not write to " + folder,
                                "run and sync need a user who may; to read is enough for all that only reads"));
        long left = Files.getFileStore(folder).getUsableSpace();
        String phrase = left / MEGABYTE + " MiB are left for " + folder;
        if (left < FULL) {
            checks.add(diagnosed("disk", Findings.STORE_UNWRITABLE, phrase));
        } else if (left < SCARCE) {
            checks.add(CheckResult.bad(Mark.WARNING, "disk", phrase, "free space, or move --data to a larger disk"));
        } else {
            checks.add(CheckResult.ok("disk", phrase));
        }
        return checks;
    }

    /** What the database cannot do is known only by trying, so this is told of one that could not be read. */
    CheckResult unreadable(StoreFailed broken) {
        if (broken.hasForeignSchema()) {
            return CheckResult.bad(
                    Mark.ERROR, "database", String.valueOf(broken.getMessage()), "move the data folder aside");
        }
        String finding = broken.isCorrupt() ? Findings.STORE_CORRUPT : Findings.STORE_UNWRITABLE;
        return diagnosed("database", finding, String.valueOf(broken.getMessage()));
    }

    /** Without creating topics; bounded by the client's patience of 10 s. */
    List<CheckResult> kafka(Settings settings) throws InterruptedException {
        try {
            List<String> missing = new TopicSetup(settings).missing();
            String brokers = settings.kafka().brokers();
            return List.of(
                    missing.isEmpty()
                            ? CheckResult.ok("kafka", brokers + " answers, every topic is there")
                            : CheckResult.bad(
                                    Mark.WARNING,
                                    "kafka",
                                    brokers + " answers, and lacks " + String.join(", ", missing),
                                    "license-relay check"));
        } catch (KafkaUnavailable unavailable) {
            return List.of(diagnosed("kafka", Findings.KAFKA_UNREACHABLE, String.valueOf(unavailable.getMessage())));
        }
    }

    /** What waits for Kafka, and which reports came to a stop. */
    List<CheckResult> state(@Nullable Database state) {
        if (state == null) {
            return Stream.of("outbox", "reports", "deadlines", "bundles", "incidents")
                    .map(name -> CheckResult.skipped(name, "nothing was kept yet"))
                    .toList();
        }
        Outbox.Waiting waiting = new Outbox(state, new LicenseEvents(), clock).waiting();
        CheckResult outbox = waiting.rows() == 0
                ? CheckResult.ok("outbox", "no event waits for Kafka")
                : CheckResult.bad(
                        Mark.WARNING,
                        "outbox",
                        waiting.rows() + " event(s) wait for Kafka since " + waiting.since(),
                        "they go out by themselves once Kafka answers and license-relay run (or sync) runs");
        LedgerView ledger = new LedgerView(state);
        return List.of(outbox, reports(ledger), deadlines(ledger), bundles(ledger), incidents(OpenIncident.all(state)));
    }

    /** What was told and has not been told as well again. */
    private static CheckResult incidents(List<OpenIncident> open) {
        if (open.isEmpty()) {
            return CheckResult.ok("incidents", "none is open");
        }
        String named = open.stream()
                .limit(SHOWN_INCIDENTS)
                .map(each ->
                        each.incident().summary() + " since " + each.incident().openedAt())
                .collect(Collectors.joining("; "));
        String more = open.size() > SHOWN_INCIDENTS ? "; and " + (open.size() - SHOWN_INCIDENTS) + " more" : "";
        return CheckResult.bad(
                Mark.WARNING,
                "incidents",
                open.size() + " open: " + named + more,
                "license-relay incidents tells the next steps; once mended, the next good sync resolves them");
    }

    private static CheckResult reports(LedgerView ledger) {
        long held = ledger.count(ReportState.HELD);
        long rejected = ledger.count(ReportState.REJECTED);
        String phrase = held + " held, " + rejected + " rejected";
        if (held + rejected == 0) {
            return CheckResult.ok("reports", phrase);
        }
        String which = (rejected > 0 ? ReportState.REJECTED : ReportState.HELD).wireName();
        return CheckResult.bad(Mark.WARNING, "reports", phrase, "license-relay reports list --state " + which);
    }

    /** Of devices: by when their usage must be acknowledged, and whether anything is heard of them. */
    private CheckResult deadlines(LedgerView ledger) {
        Instant now = clock.instant();
        Map<String, Long> worries = new TreeMap<>();
        long all =
                ledger.eachDevice(device -> standing(device, now).forEach(word -> worries.merge(word, 1L, Long::sum)));
        long unwatched = Objects.requireNonNullElse(worries.remove(ExpectedDevice.NOT_WATCHED), 0L);
        String phrase = all + " device(s) are to report"
                + (unwatched == 0
                        ? ""
                        : ", " + unwatched + " of them " + ExpectedDevice.NOT_WATCHED + " (no deadline)");
        if (worries.isEmpty()) {
            return CheckResult.ok("deadlines", phrase + (unwatched < all ? ", none is near its deadline" : ""));
        }
        String details = worries.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return CheckResult.bad(
                worries.containsKey("overdue") ? Mark.ERROR : Mark.WARNING,
                "deadlines",
                phrase + ": " + details,
                "license-relay reports devices");
    }

    private static List<String> standing(ExpectedDevice device, Instant now) {
        return device.isWatched() ? device.worries(now) : List.of(ExpectedDevice.NOT_WATCHED);
    }

    /** What somebody has to carry, or to bring back. */
    private static CheckResult bundles(LedgerView ledger) {
        List<LedgerView.Carried> carried = ledger.carried();
        if (carried.isEmpty()) {
            return CheckResult.ok("bundles", "none is under way");
        }
        LedgerView.Carried oldest = carried.get(0);
        long late = carried.stream().filter(LedgerView.Carried::late).count();
        String phrase = carried.size() + " under way, " + late + " late; the oldest since "
                + Table.time(oldest.writtenAt()) + ": " + oldest.file();
        return late == 0
                ? CheckResult.ok("bundles", phrase)
                : CheckResult.bad(
                        Mark.WARNING,
                        "bundles",
                        phrase,
                        "upload it where it is not yet, and lay the ACK bundle that comes back into the inbox");
    }

    private CheckResult diagnosed(String name, String finding, String why) {
        Failure failure = Failure.of(
                Place.relay(), Flow.RELAY, Step.PUBLISH, List.of(new Finding(finding, why)), null, clock.instant());
        return CheckResult.diagnosed(name, rules.diagnose(Evidence.of(failure)), why);
    }
}
