package io.licenserelay.cli;

import io.licenserelay.bench.SentReports;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.TempRelay;
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
 * {@code kill -9} of the real process while reports go from its inbox to the server, acknowledgements to its outbox folder
 * and events to Kafka; then everything settles, and what became of each report is counted.
 */
public final class ReportKills {
    private static final int KILLED = 128 + 9;
    private static final int LOOKS_A_FILE = 50;
    private static final int MOST_WHILE_IT_RUNS = 10;
    private static final String V2 = "/services/api/smart-accounts-and-licensing/v2/";

    private final Path folder;
    private final List<Moment> moments;
    private final int kills;
    private final Random random;
    private final SentReports reports;
    private final Set<String> unanswered = new TreeSet<>();
    private int midway;

    /** What the process is at when it is killed. */
    private enum Moment {
        STARTING,
        READING,
        SUBMITTING,
        POLLING,
        LAYING,
        PUBLISHING
    }

    /**
     * What came of it.
     *
     * @param midway kills that left submissions without their answers
     * @param byHand acknowledgements that were laid into the inbox, since their poll ids had been in answers that were lost
     * @param lost reports that are not acknowledged, or never arrived
     * @param duplicated reports that the server had, and that the relay sent as new ones
     * @param resent records that Kafka got again
     */
    public record Outcome(int kills, int midway, int reports, int byHand, long lost, long duplicated, int resent) {}

    /**
     * At random moments.
     *
     * @param folder an empty one
     */
    public ReportKills(Path folder, int kills, long seed) {
        this(folder, kills, seed, List.of(Moment.values()));
    }

    /**
     * All while a submission is under way, with a server that answers polls by nonce: no acknowledgement needs a hand then.
     *
     * @param folder an empty one
     */
    public static ReportKills amidPushes(Path folder, int kills, long seed) {
        return new ReportKills(folder, kills, seed, List.of(Moment.SUBMITTING));
    }

    private ReportKills(Path folder, int kills, long seed, List<Moment> moments) {
        this.moments = moments;
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
            if (isAmidPushes()) {
                // How long to wait between polls was in the answer that is lost, so the first poll has to do.
                ssm.reports().answersNonces().pollsUntilAck(0);
            }
            Settings settings = configure(ssm);
            if (Said.of(arguments("check")).exitCode() != 0) {
                throw new AssertionError("check fails");
            }
            for (Moment moment : planned()) {
                kill(moment, ssm, settings);
            }
            ssm.faults().clear();
            int byHand = settle();
            return count(ssm, settings, byHand);
        }
    }

    private boolean isAmidPushes() {
        return moments.equals(List.of(Moment.SUBMITTING));
    }

    private Settings configure(SsmSimulator ssm) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        return TempRelay.in(folder)
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

    /** As often one as another, submissions twice as often. */
    private List<Moment> planned() {
        List<Moment> all = new ArrayList<>();
        while (all.size() < kills) {
            all.addAll(moments);
            all.add(Moment.SUBMITTING);
        }
        List<Moment> wanted = new ArrayList<>(all.subList(0, kills));
        Collections.shuffle(wanted, random);
        return wanted;
    }

    private void kill(Moment moment, SsmSimulator ssm, Settings settings) throws Exception {
        for (int file = 0; file < 3; file++) {
            reports.dropOne(3);
        }
        try (TopicEnd events = new TopicEnd(settings.topic(Topic.REPORTS));
                RelayProcess process = RelayProcess.start(folder, arguments("run"))) {
            switch (moment) {
                case STARTING -> RelayProcess.pause(200 + random.nextInt(1500));
                case READING -> grown(2, process, () -> files(done()));
                case SUBMITTING -> grown(5, process, () -> ssm.requests().count(V2 + "devices/reportusage"));
                case POLLING -> grown(8, process, () -> ssm.requests().count(V2 + "accounts/poll"));
                case LAYING -> grown(4, process, () -> files(outbox()));
                case PUBLISHING -> grown(20, process, events);
            }
            // The first without a pause: the answer to the submission is still under way.
            boolean atOnce = isAmidPushes() || (moment == Moment.SUBMITTING && midway == 0);
            RelayProcess.pause(atOnce ? 0 : random.nextInt(60));
            if (process.kill() != KILLED) {
                throw new AssertionError("it ended by itself:\n" + process.err());
            }
        }
        lookForUnanswered();
    }

    /** By a random number up to so many, while more comes into the inbox. */
    private void grown(int most, RelayProcess process, LongSupplier counter) {
        AtomicInteger looks = new AtomicInteger();
        process.untilGrown(
                () -> {
                    int look = looks.incrementAndGet();
                    if (look % LOOKS_A_FILE == 0 && look <= LOOKS_A_FILE * MOST_WHILE_IT_RUNS) {
                        reports.dropOne(3);
                    }
                    return counter.getAsLong();
                },
                1 + random.nextInt(most));
    }

    /** Submissions that this process wrote down as going out, and whose answer it did not write down. */
    private void lookForUnanswered() {
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

    /** @return how many acknowledgements somebody had to lay into the inbox */
    private int settle() throws Exception {
        try (RelayProcess process = RelayProcess.start(folder, arguments("run"));
                Database ledger = Database.reading(folder.resolve("data")).orElseThrow()) {
            settled(
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
            settled(process, ledger, "report WHERE state <> 'rejected' AND ack_file IS NULL");
            settled(process, ledger, "outbox");
            process.terminate();
            return devices.size();
        }
    }

    private void settled(RelayProcess process, Database ledger, String open) throws IOException {
        try {
            process.until(
                    Duration.ofMillis(100),
                    () -> files(inbox()) == 0
                            && ledger.read(tx -> tx.createQuery("SELECT COUNT(*) FROM " + open)
                                            .mapTo(Long.class)
                                            .one())
                                    == 0);
        } catch (ConditionTimeoutException unsettled) {
            List<Map<String, Object>> left = ledger.read(tx -> tx.createQuery("SELECT * FROM " + open + " LIMIT 3")
                    .mapToMap()
                    .list());
            String err = process.err();
            throw new AssertionError(
                    files(inbox()) + " file(s) lie in the inbox, and these do not settle: " + left + "\n"
                            + err.substring(Math.max(0, err.length() - 5_000)),
                    unsettled);
        }
    }

    private Outcome count(SsmSimulator ssm, Settings settings, int byHand) throws IOException {
        List<String> arrived =
                ssm.reports().received().stream().map(ReceivedReport::payload).toList();
        Told told = new Told(settings);
        try (Database database = Database.open(folder.resolve("data"))) {
            AcknowledgedReports ledger = new AcknowledgedReports(database);
            ledger.assertWhole(outbox());
            ledger.assertTold(told.states());
            long acknowledged =
                    reports.payloads().stream().filter(ledger::holds).count();
            return new Outcome(
                    kills,
                    midway,
                    reports.payloads().size(),
                    byHand,
                    reports.payloads().size()
                            - Math.min(acknowledged, Set.copyOf(arrived).size()),
                    ledger.rejected() + arrived.size() - Set.copyOf(arrived).size(),
                    told.resends(Topic.REPORTS));
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

    /** Those that lie below it, however deep; what is renamed while this looks may be missed once. */
    static long files(Path below) {
        AtomicLong files = new AtomicLong();
        try {
            Files.walkFileTree(Files.createDirectories(below), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.addAndGet(attributes.isRegularFile() ? 1 : 0);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
                    if (gone instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw gone;
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
