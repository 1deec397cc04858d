package io.licenserelay.cli;

import io.licenserelay.bench.SentReports;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.ssm.ReceivedReport;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * {@code kill -9} of the real process while it sends reports from its inbox to the server, acknowledgements to its outbox folder and
 * events to Kafka. Afterwards it processes everything that remains, and the result of each report is counted.
 */
public final class ReportKills {
    private static final int KILLED = 128 + 9;
    private static final int POLLS_PER_FILE = 50;
    private static final int MAX_FILES_WHILE_RUNNING = 10;
    private static final String V2 = "/services/api/smart-accounts-and-licensing/v2/";

    private final Path folder;
    private final List<Phase> phases;
    private final int kills;
    private final Random random;
    private final SentReports reports;
    private final Set<String> unanswered = new TreeSet<>();
    private int midway;

    /** The phase in which the process is killed. */
    private enum Phase {
        STARTING,
        READING,
        SUBMITTING,
        POLLING,
        WRITING_ACKNOWLEDGEMENTS,
        PUBLISHING
    }

    /**
     * The result of a series of kills.
     *
     * @param midway the kills that left submissions without their answers
     * @param byHand the acknowledgements that were written into the inbox, because the answers with their poll ids were lost
     * @param lost the reports that are not acknowledged, or never arrived
     * @param duplicated the reports that the relay sent again as new
     * @param resent the records that Kafka received again
     */
    public record Outcome(int kills, int midway, int reports, int byHand, long lost, long duplicated, int resent) {}

    /**
     * Kills the process in random phases.
     *
     * @param folder an empty folder
     */
    public ReportKills(Path folder, int kills, long seed) {
        this(folder, kills, seed, List.of(Phase.values()));
    }

    /**
     * Kills the process only during submissions, with a server that answers polls by nonce. Then no acknowledgement needs manual work.
     *
     * @param folder an empty folder
     */
    public static ReportKills duringPushes(Path folder, int kills, long seed) {
        return new ReportKills(folder, kills, seed, List.of(Phase.SUBMITTING));
    }

    private ReportKills(Path folder, int kills, long seed, List<Phase> phases) {
        this.phases = phases;
        this.folder = folder;
        this.kills = kills;
        this.random = new Random(seed);
        this.reports = new SentReports(folder.resolve("reports/inbox"), seed, 24, 0);
    }

    public Outcome run() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder()
                .estate(reports.estate())
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start()) {
            ssm.faults().set("latency", "millis", 40);
            ssm.reports().pollsUntilAck(1).pollInterval(1);
            if (isDuringPushes()) {
                // The lost answer had the poll interval, so the first poll must succeed.
                ssm.reports().answersNonces().pollsUntilAck(0);
            }
            Settings settings = configure(ssm);
            if (CommandResult.of(arguments("check")).exitCode() != 0) {
                throw new AssertionError("check fails");
            }
            for (Phase phase : phasesOfKills()) {
                kill(phase, ssm, settings);
            }
            ssm.faults().clear();
            int byHand = settle();
            return count(ssm, settings, byHand);
        }
    }

    private boolean isDuringPushes() {
        return phases.equals(List.of(Phase.SUBMITTING));
    }

    private Settings configure(SsmSimulator ssm) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        return TempRelay.in(folder)
                .store(TestStore.SQLITE)
                .of(ssm)
                .ssm("api", "cssm")
                .ssm("client", "{ id: relay, secret: 'file:" + secret + "' }")
                .site("schedule", "'* * * * * ?'")
                .site("reports", "{ push: api, inbox: " + inbox() + ", outbox: " + outbox() + " }")
                .setting("relay.kafka.maxBlock", "60s")
                .setting("reports.inbox.period", "300")
                .setting("reports.poll.period", "500")
                .configuration()
                .settings();
    }

    /** All phases equally often, but submissions twice as often. */
    private List<Phase> phasesOfKills() {
        List<Phase> all = new ArrayList<>();
        while (all.size() < kills) {
            all.addAll(phases);
            all.add(Phase.SUBMITTING);
        }
        List<Phase> selected = new ArrayList<>(all.subList(0, kills));
        Collections.shuffle(selected, random);
        return selected;
    }

    private void kill(Phase phase, SsmSimulator ssm, Settings settings) throws Exception {
        for (int file = 0; file < 3; file++) {
            reports.dropOne(3);
        }
        try (TopicEnd events = new TopicEnd(settings.topic(Topic.REPORTS));
                RelayProcess process = RelayProcess.start(folder, arguments("run"))) {
            switch (phase) {
                case STARTING -> RelayProcess.pause(200 + random.nextInt(1500));
                case READING -> awaitGrowth(2, process, () -> files(done()));
                case SUBMITTING -> awaitGrowth(5, process, () -> ssm.requests().count(V2 + "devices/reportusage"));
                case POLLING -> awaitGrowth(8, process, () -> ssm.requests().count(V2 + "accounts/poll"));
                case WRITING_ACKNOWLEDGEMENTS -> awaitGrowth(4, process, () -> files(outbox()));
                case PUBLISHING -> awaitGrowth(20, process, events);
            }
            // The first kill has no pause, so that the answer to the submission has not arrived yet.
            boolean atOnce = isDuringPushes() || (phase == Phase.SUBMITTING && midway == 0);
            RelayProcess.pause(atOnce ? 0 : random.nextInt(60));
            if (process.kill() != KILLED) {
                throw new AssertionError("the process ended by itself:\n" + process.err());
            }
        }
        countUnansweredSubmissions();
    }

    /** Waits until the counter has grown by a random number up to the maximum, while more reports arrive in the inbox. */
    private void awaitGrowth(int maxGrowth, RelayProcess process, LongSupplier counter) {
        AtomicInteger polls = new AtomicInteger();
        process.untilGrown(
                () -> {
                    int poll = polls.incrementAndGet();
                    if (poll % POLLS_PER_FILE == 0 && poll <= POLLS_PER_FILE * MAX_FILES_WHILE_RUNNING) {
                        reports.dropOne(3);
                    }
                    return counter.getAsLong();
                },
                1 + random.nextInt(maxGrowth));
    }

    /** Finds new submissions that the process stored as sent, but without a stored answer. */
    private void countUnansweredSubmissions() {
        Set<String> now = new TreeSet<>();
        Database.reading(folder.resolve("data")).ifPresent(database -> {
            try (database) {
                now.addAll(database.read(
                        tx -> tx.createQuery("SELECT id || ' ' || attempts FROM submission WHERE answered_at IS NULL")
                                .mapTo(String.class)
                                .list()));
            }
        });
        if (!unanswered.containsAll(now)) {
            midway++;
        }
        unanswered.addAll(now);
    }

    /** @return the number of acknowledgements that needed manual work */
    private int settle() throws Exception {
        try (RelayProcess process = RelayProcess.start(folder, arguments("run"));
                Database ledger = Database.reading(folder.resolve("data")).orElseThrow()) {
            awaitNone(
                    process,
                    ledger,
                    "report WHERE state IN ('received', 'held') OR (state = 'submitted' AND EXISTS (SELECT 1 FROM submission s"
                            + " WHERE s.id = submission_id AND (s.poll_id IS NOT NULL OR s.ack_missing_since IS NULL)))");
            List<String> devices =
                    ledger.read(tx -> tx.createQuery("SELECT DISTINCT serial FROM report WHERE state = 'submitted'")
                            .mapTo(String.class)
                            .list());
            for (String serial : devices) {
                reports.acknowledge(serial);
            }
            awaitNone(process, ledger, "report WHERE state <> 'rejected' AND ack_file IS NULL");
            awaitNone(process, ledger, "outbox");
            process.terminate();
            return devices.size();
        }
    }

    private void awaitNone(RelayProcess process, Database ledger, String open) throws IOException {
        try {
            process.until(
                    Duration.ofMillis(100),
                    () -> files(inbox()) == 0
                            && ledger.read(tx -> tx.createQuery("SELECT COUNT(*) FROM " + open)
                                            .mapTo(Long.class)
                                            .one())
                                    == 0);
        } catch (ConditionTimeoutException timeout) {
            List<Map<String, Object>> left = ledger.read(tx -> tx.createQuery("SELECT * FROM " + open + " LIMIT 3")
                    .mapToMap()
                    .list());
            String err = process.err();
            throw new AssertionError(
                    files(inbox()) + " file(s) are in the inbox, and these rows remain: " + left + "\n"
                            + err.substring(Math.max(0, err.length() - 5_000)),
                    timeout);
        }
    }

    private Outcome count(SsmSimulator ssm, Settings settings, int byHand) throws IOException {
        List<String> arrived =
                ssm.reports().received().stream().map(ReceivedReport::payload).toList();
        PublishedRecords published = new PublishedRecords(settings);
        try (Database database = Database.open(folder.resolve("data"))) {
            AcknowledgedReports ledger = new AcknowledgedReports(database);
            ledger.assertAcknowledgementFiles(outbox());
            ledger.assertPublished(published.states());
            long acknowledged =
                    reports.payloads().stream().filter(ledger::isAcknowledged).count();
            return new Outcome(
                    kills,
                    midway,
                    reports.payloads().size(),
                    byHand,
                    reports.payloads().size()
                            - Math.min(acknowledged, Set.copyOf(arrived).size()),
                    ledger.rejected() + arrived.size() - Set.copyOf(arrived).size(),
                    published.resends(Topic.REPORTS));
        }
    }

    private Path inbox() {
        return folder.resolve("reports/inbox");
    }

    private Path done() {
        return folder.resolve("reports/done");
    }

    private Path outbox() {
        return folder.resolve("reports/outbox");
    }

    /** The number of files in a folder and its subfolders. A file that is renamed meanwhile may be missed. */
    static long files(Path folder) {
        AtomicLong files = new AtomicLong();
        try {
            Files.walkFileTree(Files.createDirectories(folder), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.addAndGet(attributes.isRegularFile() ? 1 : 0);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.get();
    }

    private String[] arguments(String command) {
        return new String[] {
            command,
            "--config",
            folder.resolve("config").toString(),
            "--data",
            folder.resolve("data").toString()
        };
    }
}
