package io.licenserelay.reports.ledger;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.Digests;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.event.Provenance;
import io.licenserelay.event.RelayIdentity;
import io.licenserelay.fixture.AtOnce;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.bundle.BundleReference;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.LedgerChecks;
import io.licenserelay.reports.ModelServer;
import io.licenserelay.reports.PollAnswer;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Submission;
import io.licenserelay.reports.SubmissionAnswer;
import io.licenserelay.reports.ack.AckOutbox;
import io.licenserelay.reports.ack.AckPolling;
import io.licenserelay.reports.bundle.ReportBundles;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.health.DeadlineCheck;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.inbox.InboxImport;
import io.licenserelay.reports.inbox.InboxScanner;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.quarantine.PoisonGuard;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.reports.submit.ReportSubmission;
import io.licenserelay.reports.submit.ResendService;
import io.licenserelay.reports.submit.SubmissionRun;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.sync.run.SiteCheck;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.sync.watch.ReportIncidentReporter;
import io.licenserelay.trace.Untraced;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The beans of the report flow on a real database, with a {@link ModelServer}. The flow of the routes is executed in single steps, so
 * that any event may occur between two steps. The same seed produces the same world.
 */
public final class LedgerWorld implements AutoCloseable {
    private static final Place ACCOUNT = Place.site("hq").account("acme.local");
    private static final List<String> SERIALS = List.of("9ABC", "9DEF", "LATE");
    private static final Rules RULES = Rules.packed();

    public final ModelServer server;
    public final List<String> steps = new ArrayList<>();
    private final Random random;
    private final LedgerChecks checks = new LedgerChecks();
    private final Path folder;
    private final boolean bundles;
    private final Configuration sending;
    private final Configuration off;
    private final StepClock clock = new StepClock();
    private final Map<String, String> payloads = new TreeMap<>();
    private final List<Path> uploads = new ArrayList<>();
    private final Deque<Submission> planned = new ArrayDeque<>();
    private final List<PendingSubmission> pendingSubmissions = new ArrayList<>();
    private final List<PendingPoll> pendingPolls = new ArrayList<>();
    private @Nullable SubmissionRun currentRun;
    private Database database;
    private Beans beans;
    private long lastReport;

    /** A clock that only the steps move. */
    private static final class StepClock extends Clock {
        private Instant now = Instant.parse("2026-01-13T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("zones are for the edges");
        }
    }

    /** A sent submission whose answer was not processed yet. */
    private record PendingSubmission(Submission submission, SubmissionAnswer answer) {}

    /** A sent poll whose answer was not processed yet. */
    private record PendingPoll(Submission submission, PollAnswer answer) {}

    /** The objects that live as long as the process. */
    private record Beans(
            Site site,
            Outbox outbox,
            InboxScanner inbox,
            InboxImport inboxImport,
            ReportSubmission push,
            AckPolling polls,
            ReportBundles bundles,
            ResendService resends,
            AckOutbox acks,
            DeadlineCheck overdue,
            PushHealth health) {}

    private interface Work {
        void run() throws Exception;
    }

    private record Step(int weight, String name, Work work) {}

    public LedgerWorld(long seed, Path folder) throws Exception {
        this.random = new Random(seed);
        this.server = new ModelServer(random);
        this.folder = folder;
        this.bundles = random.nextInt(4) == 0;
        this.sending = configuration(bundles ? "bundle" : "api");
        this.off = configuration("off");
        this.database = TestStore.current().open(folder);
        database.write(Database.RELAY, tx -> {
            new Places()
                    .update(
                            tx,
                            1,
                            ACCOUNT,
                            "7",
                            List.of(new VirtualAccount("East", "71", true), new VirtualAccount("West", "72", false)));
            return 1;
        });
        listDevice("9ABC", "East");
        listDevice("9DEF", "West");
        this.beans = beans(sending);
    }

    private Configuration configuration(String push) throws Exception {
        return TempRelay.in(folder)
                .brokers("127.0.0.1:9")
                .ssm("url", "https://127.0.0.1:9")
                .ssm("api", "cssm")
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                .site(
                        "reports",
                        "{ push: " + push + ", inbox: " + folder.resolve("reports/inbox") + ", outbox: " + outbox()
                                + " }")
                .configuration();
    }

    private Path outbox() {
        return folder.resolve("reports/outbox");
    }

    private void listDevice(String serial, String va) {
        database.write(
                Database.RELAY,
                tx -> tx.execute(
                        "INSERT INTO device (place_id, pid, serial, host_name, product_tag, status)"
                                + " VALUES (?, 'C8000V', ?, '', '', '') ON CONFLICT DO NOTHING",
                        ACCOUNT.va(va).id(),
                        serial));
    }

    private Beans beans(Configuration configuration) {
        Site site = configuration.sites().get(0);
        Sites sites = new Sites(configuration.sites());
        Redactor redactor = Redactor.of(List.of());
        Outbox outbox = new Outbox(database, new LicenseEvents(), clock);
        RelayIdentity relay = new RelayIdentity("license-relay", null, "test", "test");
        Provenance provenance = new Provenance(relay, redactor, configuration.sites());
        Incidents incidents = new Incidents(
                outbox,
                redactor,
                configuration.settings(),
                new BundleReference.InFolder(folder.resolve("evidence")),
                relay,
                clock,
                clock);
        SyncService runs = new SyncService(
                database,
                sites,
                new Schedules(database, sites, clock),
                incidents,
                outbox,
                provenance,
                configuration.settings(),
                new Untraced(),
                clock);
        ReportIncidentReporter incidentReporter =
                new ReportIncidentReporter(new IncidentReporter(RULES, incidents, clock), incidents, runs, clock);
        Ledger ledger = new Ledger(outbox, redactor, provenance, configuration.settings(), clock);
        Quarantine quarantine = new Quarantine(folder.resolve("data"), clock);
        PushHealth health = new PushHealth(database, incidentReporter, quarantine, FolderCheck.LOCAL, clock);
        ReportIntake reception = new ReportIntake(
                database,
                ledger,
                incidentReporter,
                redactor,
                PoisonGuard.open(folder.resolve("data")),
                quarantine,
                clock);
        if (site.reports().push() == Site.Reports.Push.OFF) {
            reception.holdAll(site);
        }
        InboxScanner inbox = new InboxScanner(FolderCheck.LOCAL, Duration.ZERO);
        return new Beans(
                site,
                outbox,
                inbox,
                new InboxImport(database, reception, inbox, incidentReporter, Duration.ZERO, clock),
                new ReportSubmission(database, ledger, incidentReporter, redactor, clock),
                new AckPolling(database, ledger, incidentReporter, redactor, clock),
                new ReportBundles(database, ledger, FolderCheck.LOCAL, clock, clock),
                new ResendService(database, ledger, sites::named),
                new AckOutbox(database, FolderCheck.LOCAL),
                new DeadlineCheck(database, ledger, incidentReporter, health, clock, clock),
                health);
    }

    private List<Step> possibleSteps() {
        List<Step> all = new ArrayList<>(List.of(
                new Step(6, "new reports", this::newReports),
                new Step(2, "an old report again", this::oldReport),
                new Step(6, "read the inbox", this::readInbox),
                new Step(3, "download an ACK", this::ackByHand),
                new Step(3, "a device's statement", this::statement),
                new Step(10, "resend by hand", this::resend),
                new Step(5, "time passes", this::advanceClock),
                new Step(3, "publish some events", this::publish),
                new Step(3, "deliver ACKs to the outbox", () -> beans.acks().deliver(beans.site())),
                new Step(2, "check deadlines", this::checkDeadlines),
                new Step(1, "SSM lists the last device", () -> listDevice("LATE", "East")),
                new Step(3, "killed", () -> reopen(sending)),
                new Step(1, "killed, and push is off", () -> reopen(off))));
        if (bundles) {
            all.add(new Step(6, "write bundles", this::writeBundles));
            all.add(new Step(3, "write bundles without a folder", this::writeBundlesWithoutAFolder));
            all.add(new Step(6, "upload a bundle", this::upload));
        } else if (beans.site().reports().push() == Site.Reports.Push.API) {
            all.add(new Step(6, "plan a push", this::plan));
            all.add(new Step(14, "send the next", this::send));
            all.add(new Step(14, "process answers", this::settle));
            all.add(new Step(12, "poll", this::poll));
            all.add(new Step(12, "process answers to polls", this::settlePolls));
        }
        return all;
    }

    /** Executes one random step of the possible ones, and checks the invariants. */
    public void step() throws Exception {
        List<Step> all = possibleSteps();
        int at = random.nextInt(all.stream().mapToInt(Step::weight).sum());
        int next = 0;
        while (at >= all.get(next).weight()) {
            at -= all.get(next++).weight();
        }
        Step step = all.get(next);
        steps.add(step.name());
        clock.now = clock.now.plusMillis(1);
        if (random.nextInt(25) == 0) {
            runWhileWritesFail(step.work());
        } else {
            step.work().run();
        }
        checks.check(database, server);
    }

    /** Executes a step while the database rejects events, so that the step must store nothing. Then the process is killed. */
    private void runWhileWritesFail(Work work) throws Exception {
        steps.add("  … while the database rejects events");
        TestStore.current().refuseInserts(database, "outbox", "refused");
        try {
            work.run();
        } catch (StoreFailed refused) {
            steps.add("  … and the step failed");
        }
        TestStore.current().acceptInserts(database, "outbox", "refused");
        reopen(beans.site().equals(off.sites().get(0)) ? off : sending);
    }

    /** Simulates a kill: only the files remain. */
    private void reopen(Configuration configuration) throws IOException {
        database.close();
        currentRun = null;
        planned.clear();
        pendingSubmissions.clear();
        pendingPolls.clear();
        database = TestStore.current().open(folder);
        beans = beans(configuration);
    }

    private void newReports() {
        String serial = SERIALS.get(random.nextInt(SERIALS.size()));
        List<String> some = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String payload = RumSamples.payload(serial, ++lastReport);
            String digest = Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
            payloads.put(digest, payload);
            // How the cloud's page rejects a report in a bundle is not published.
            if (!bundles && random.nextInt(6) == 0) {
                server.rejectFromNowOn(digest);
            }
            some.add(RumSamples.report(payload));
        }
        drop("new-" + lastReport + ".txt", RumSamples.wrapped(some.toArray(String[]::new)));
    }

    private void oldReport() {
        if (!payloads.isEmpty()) {
            String payload = List.copyOf(payloads.values()).get(random.nextInt(payloads.size()));
            drop("old-" + steps.size() + ".json", "{\"usage\":[" + RumSamples.report(payload, true) + "]}");
        }
    }

    private void drop(String name, String content) {
        RumSamples.write(beans.site().reports().inbox().resolve(name), content);
    }

    private void readInbox() throws IOException {
        Files.createDirectories(beans.site().reports().inbox());
        beans.inbox().ready(beans.site());
        beans.inboxImport().receive(beans.site(), beans.inbox().ready(beans.site()));
    }

    private void ackByHand() throws IOException {
        dropAck(server.download());
    }

    private void dropAck(ModelServer.@Nullable Download ack) throws IOException {
        if (ack != null) {
            Files.write(Files.createDirectories(beans.site().reports().inbox()).resolve(ack.name()), ack.content());
        }
    }

    /** A device prints ACK for some of the reports that the server has. */
    private void statement() {
        String serial = SERIALS.get(random.nextInt(SERIALS.size()));
        StringBuilder output = new StringBuilder("UDI: PID:C8000V,SN:" + serial + "\n");
        if (random.nextBoolean()) {
            output.append("Last ACK received: Jan 13 12:00:00 2027 UTC\n")
                    .append("Next ACK deadline: Feb 20 12:00:00 2026 UTC\n");
        }
        output.append("Report Id,  State,  Flag, Feature Name\n");
        payloads.forEach((digest, payload) -> {
            if (payload.contains(serial)) {
                String number = payload.replaceAll("(?s)^.*\"report_id\":(\\d+).*$", "$1");
                boolean known = server.has(digest) && random.nextBoolean();
                output.append(number)
                        .append("   ")
                        .append(known ? "ACK" : "UNACK")
                        .append("  N  advantage\n");
            }
        });
        drop("show-" + steps.size() + ".txt", output.toString());
    }

    private void resend() {
        List<String> missing = database.read(tx -> tx.createQuery(
                        "SELECT r.digest FROM report r JOIN submission s ON s.id = r.submission_id WHERE r.state IN "
                                + ReportState.AWAITING_ACK
                                + " AND (s.ack_missing_since IS NOT NULL OR s.poll_id IS NULL) ORDER BY r.digest")
                .mapTo(String.class)
                .list());
        List<String> sent = reports().stream()
                .filter(each -> each.state().awaitsAck() || each.state() == ReportState.REJECTED)
                .map(ReportEntry::digest)
                .toList();
        // Mostly chooses a report whose acknowledgement is missing.
        List<String> likely = missing.isEmpty() || random.nextInt(4) == 0 ? sent : missing;
        List<String> some = likely.isEmpty() ? List.copyOf(payloads.keySet()) : likely;
        if (some.isEmpty()) {
            return;
        }
        String digest = some.get(random.nextInt(some.size()));
        try {
            steps.add("  … " + beans.resends().resend(digest));
        } catch (NotResendable output) {
            steps.add("  … " + output.getMessage());
        }
    }

    private void advanceClock() {
        clock.now = clock.now.plus(
                switch (random.nextInt(4)) {
                    case 0 -> Duration.ofSeconds(random.nextInt(300));
                    case 1 -> Duration.ofMinutes(6);
                    case 2 -> Duration.ofHours(2);
                    default -> Duration.ofDays(random.nextInt(20));
                });
    }

    /** Publishes at least once: a crash may occur before the relay stores that the events were published. */
    private void publish() {
        List<OutboxRecord> batch = beans.outbox().next(1 + random.nextInt(10));
        checks.publish(batch);
        if (random.nextBoolean()) {
            beans.outbox().published(batch);
        }
    }

    private void checkDeadlines() throws IOException {
        beans.bundles().late(beans.site());
        beans.overdue().check(new SiteCheck(beans.site()));
        beans.health().remind(beans.site());
        beans.health().check(beans.site());
    }

    private void plan() {
        if (currentRun == null || (planned.isEmpty() && pendingSubmissions.isEmpty())) {
            currentRun = beans.push().begin(beans.site());
            planned.addAll(currentRun.submissions());
        }
    }

    private void send() throws Exception {
        if (currentRun == null || !currentRun.isGoing()) {
            planned.clear();
        }
        List<Submission> next = new ArrayList<>();
        for (int i = concurrency(); i > 0 && !planned.isEmpty(); i--) {
            next.add(planned.remove());
        }
        for (Submission each : prepared(next)) {
            pendingSubmissions.add(new PendingSubmission(each, answer(each)));
        }
    }

    private List<Submission> prepared(List<Submission> some) throws Exception {
        Map<String, Submission> prepared = new ConcurrentHashMap<>();
        runConcurrently(some, each -> prepared.put(each.id(), beans.push().prepare(each)));
        return some.stream()
                .map(each -> Objects.requireNonNull(prepared.get(each.id())))
                .toList();
    }

    /** The number of concurrent operations: mostly one. */
    private int concurrency() {
        return random.nextInt(3) > 0 ? 1 : 2 + random.nextInt(3);
    }

    private <T> void runConcurrently(List<T> some, Consumer<T> work) throws Exception {
        if (some.size() < 2) {
            some.forEach(work);
            return;
        }
        List<@Nullable Throwable> thrown = AtOnce.run(
                database,
                some.stream().<Runnable>map(each -> () -> work.accept(each)).toList());
        for (Throwable each : thrown) {
            if (each instanceof StoreFailed refused) {
                throw refused;
            }
            if (each != null) {
                throw new IllegalStateException(each);
            }
        }
    }

    private <T> List<T> removeSome(List<T> of) {
        List<T> some = new ArrayList<>();
        for (int i = concurrency(); i > 0 && !of.isEmpty(); i--) {
            some.add(of.remove(random.nextInt(of.size())));
        }
        return some;
    }

    private SubmissionAnswer answer(Submission sent) {
        SubmissionAnswer answer = random.nextInt(10) < 5
                ? server.post(sent)
                : switch (random.nextInt(4)) {
                    case 0 -> new SubmissionAnswer.Unanswered(true, random.nextBoolean(), null);
                    case 1 -> new SubmissionAnswer.Unanswered(false, random.nextBoolean(), null);
                    case 2 -> new SubmissionAnswer.NoPath("no such path", null);
                    default -> {
                        server.post(sent);
                        yield new SubmissionAnswer.Unanswered(true, random.nextBoolean(), null);
                    }
                };
        steps.add("  … " + sent.digests().size() + " of " + sent.udi() + ": " + answer);
        return answer;
    }

    private void settle() throws Exception {
        SubmissionRun current = currentRun;
        if (current != null) {
            runConcurrently(removeSome(pendingSubmissions), pending -> settle(pending, current));
        }
    }

    /** Like the route, polls by nonce for a rejected batch that may have been delivered earlier. */
    private void settle(PendingSubmission pending, SubmissionRun current) {
        beans.push().settle(pending.answer(), pending.submission(), current);
        if (pending.answer() instanceof SubmissionAnswer.Rejected
                && pending.submission().isKnownBatch()) {
            PollAnswer answer = server.poll(pending.submission());
            if (beans.push().found(answer, pending.submission())) {
                beans.polls().settle(answer, pending.submission());
            }
        }
    }

    private void poll() {
        if (random.nextBoolean()) {
            clock.now = clock.now.plus(Duration.ofHours(2));
        }
        for (Submission due : beans.polls().due(beans.site(), beans.polls().begin())) {
            if (random.nextInt(4) > 0) {
                pendingPolls.add(new PendingPoll(due, server.poll(due)));
            }
        }
    }

    private void settlePolls() throws Exception {
        List<PendingPoll> some = removeSome(pendingPolls);
        some.forEach(each -> steps.add("  … " + each.submission().udi() + ": " + each.answer()));
        runConcurrently(some, each -> beans.polls().settle(each.answer(), each.submission()));
    }

    private void writeBundles() throws IOException {
        beans.bundles().write(beans.site());
        try (Stream<Path> files = Files.walk(Files.createDirectories(outbox()))) {
            files.filter(each -> each.toString().endsWith("_py.tar.gz") && !uploads.contains(each))
                    .forEach(uploads::add);
        }
    }

    /** Simulates a crash between the database entry and the file. */
    private void writeBundlesWithoutAFolder() throws IOException {
        Path aside = folder.resolve("aside");
        Files.createDirectories(outbox());
        Files.move(outbox(), aside);
        Files.writeString(outbox(), "no folder");
        try {
            beans.bundles().write(beans.site());
        } catch (IOException e) {
            steps.add("  … " + e.getClass().getSimpleName());
        } finally {
            Files.delete(outbox());
            Files.move(aside, outbox());
        }
        reopen(sending);
    }

    private void upload() throws IOException {
        if (!uploads.isEmpty()) {
            for (ModelServer.Download ack : server.upload(uploads.get(random.nextInt(uploads.size())))) {
                if (random.nextInt(3) > 0) {
                    dropAck(ack);
                }
            }
        }
    }

    /** Ends all trouble and runs until every report can be settled. */
    public void recoverAndSettle() throws Exception {
        steps.add("from here on nothing fails");
        server.recover();
        listDevice("LATE", "East");
        reopen(sending);
        readInbox();
        for (int cycle = 0; cycle < 8; cycle++) {
            clock.now = clock.now.plus(Duration.ofHours(2));
            if (bundles) {
                transportAll();
            } else {
                submitAll();
            }
            beans.acks().deliver(beans.site());
            checks.check(database, server);
        }
    }

    private void submitAll() throws Exception {
        SubmissionRun current = beans.push().begin(beans.site());
        List<PendingSubmission> sent = new ArrayList<>();
        for (Submission each : prepared(current.submissions())) {
            sent.add(new PendingSubmission(each, server.post(each)));
        }
        runConcurrently(sent, each -> settle(each, current));
        List<PendingPoll> polls = new ArrayList<>();
        for (Submission due : beans.polls().due(beans.site(), beans.polls().begin())) {
            polls.add(new PendingPoll(due, server.poll(due)));
        }
        runConcurrently(polls, each -> beans.polls().settle(each.answer(), each.submission()));
    }

    private void transportAll() throws IOException {
        writeBundles();
        for (Path each : uploads) {
            for (ModelServer.Download ack : server.upload(each)) {
                dropAck(ack);
            }
        }
        readInbox();
    }

    /** Downloads the acknowledgement of each report and drops it into the inbox. */
    public void downloadAll(List<ReportEntry> reports) throws Exception {
        for (ReportEntry each : reports) {
            dropAck(server.download(each.digest()));
        }
        readInbox();
        beans.acks().deliver(beans.site());
        checks.check(database, server);
    }

    public List<ReportEntry> reports() {
        return database.read(LedgerChecks::reports);
    }

    /** The poll id of the report's submission; empty if its answer was lost. */
    public String pollId(ReportEntry report) {
        return database.read(
                tx -> tx.createQuery("SELECT poll_id FROM submission WHERE id = :id AND poll_id IS NOT NULL")
                        .bind("id", report.submissionId())
                        .mapTo(String.class)
                        .findOne()
                        .orElse(""));
    }

    public boolean usesBundles() {
        return bundles;
    }

    public Map<String, String> payloads() {
        return payloads;
    }

    @Override
    public void close() {
        database.close();
    }
}
