package io.licenserelay.reports.intake;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.RumReport;
import io.licenserelay.reports.Udi;
import io.licenserelay.reports.ack.AckFileImport;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.format.AckFile;
import io.licenserelay.reports.format.DeviceReportsReader;
import io.licenserelay.reports.format.DeviceStatus;
import io.licenserelay.reports.format.MalformedReport;
import io.licenserelay.reports.format.ParsedFile;
import io.licenserelay.reports.format.ReportFileReader;
import io.licenserelay.reports.format.ReportSource;
import io.licenserelay.reports.health.DeviceStatusImport;
import io.licenserelay.reports.ledger.DeviceContacts;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.ReportRegistration;
import io.licenserelay.reports.manager.ManagerAcks;
import io.licenserelay.reports.quarantine.PoisonGuard;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Plural;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports reports of files, Kafka records and devices into the ledger. Valid reports are accepted even if other parts
 * of the input are unusable. Each unusable part is a problem of the import.
 */
public final class ReportIntake {
    /** The maximum size of a file, in bytes. */
    public static final int MAX_FILE_SIZE = 16 << 20;

    private static final int BATCH_SIZE = 500;
    private static final long MAX_BATCH_CHARACTERS = 8 << 20;
    private static final int MAX_PROBLEMS = 100;
    private static final String CONTROL = "control";
    private static final RumReport CONTROL_REPORT = new RumReport(
            Digests.sha256(CONTROL.getBytes(StandardCharsets.UTF_8)),
            new Udi(CONTROL, CONTROL),
            null,
            null,
            null,
            null,
            null,
            null,
            "{}",
            null,
            "{}");
    private static final Logger LOG = LoggerFactory.getLogger(ReportIntake.class);

    private final Database database;
    private final ReportIncidents incidents;
    private final Clock clock;
    private final PoisonGuard guard;
    private final Quarantine quarantine;
    private final ReportFileReader reader = new ReportFileReader(MAX_FILE_SIZE);
    private final ReportRegistration registration;
    private final DeviceStatusImport statements;
    private final AckFileImport acks;
    private final ManagerAcks forManager;

    public ReportIntake(
            Database database,
            Ledger ledger,
            ReportIncidents incidents,
            Redactor redactor,
            PoisonGuard guard,
            Quarantine quarantine,
            Clock clock) {
        this.guard = guard;
        this.quarantine = quarantine;
        this.database = database;
        this.incidents = incidents;
        this.clock = clock;
        this.registration = new ReportRegistration(ledger);
        this.acks = new AckFileImport(ledger, incidents, clock);
        this.forManager = new ManagerAcks(redactor, clock);
        this.statements = new DeviceStatusImport(ledger, incidents, clock);
    }

    /** Creates a batch for reports of several files that are registered together. */
    public PendingReports pendingReports() {
        return new PendingReports();
    }

    /** Reads a file of an inbox. Its reports are in the ledger after {@link PendingReports#record}. */
    public FileImport read(ReportSource file, PendingReports pending, ReportFileReader.Source bytes) {
        FileImport result = new FileImport(file, pending);
        try {
            readGuarded(result, bytes);
        } catch (UncheckedIOException e) {
            LOG.error(
                    "{}: {} cannot be quarantined; it waits for the next pass",
                    file.site().name(),
                    file.name(),
                    e);
            result.isRetained = true;
        }
        if (result.parts == 0 && result.problems.isEmpty() && !result.isQuarantined() && !result.isRetained) {
            result.add(ParsedFile.unusable("the file contains no usage report"));
        }
        return result;
    }

    /** The result for a file that is rejected without reading it. */
    public FileImport refuse(ReportSource file, PendingReports pending, String reason) {
        FileImport result = new FileImport(file, pending);
        result.add(ParsedFile.unusable(reason));
        return result;
    }

    /** Reads the input. If it ended earlier processes, it is quarantined instead. */
    private void readGuarded(FileImport result, ReportFileReader.Source bytes) {
        ReportSource file = result.file;
        String input = file.site().name() + " " + file.name();
        String suspicion = guard.suspicion(input);
        if (suspicion == null) {
            try (PoisonGuard.Reading reading = guard.begin(input)) {
                reader.read(bytes, result::add);
                return;
            } catch (OutOfMemoryError e) {
                // Reached only if the JVM does not exit on OutOfMemoryError. The memory of this input is free by now.
                LOG.error("{}: out of memory while reading {}", file.site().name(), file.name(), e);
                guard.ranOutOfMemory(input);
                suspicion = guard.suspicion(input);
            }
        }
        try (InputStream in = bytes.open()) {
            result.quarantined = quarantine.keep(file.site(), file.va(), file.name(), String.valueOf(suspicion), in);
            guard.forget(input);
        } catch (IOException e) {
            throw new UncheckedIOException(file.name() + " cannot be quarantined", e);
        }
    }

    /**
     * Reads a quarantined item again and removes it from quarantine. An unusable item is copied to {@code rejected/}
     * with its reason. If the process ends again during the read, the item stays in quarantine.
     */
    public synchronized ImportResult retry(Site site, Quarantine.Item item) throws IOException {
        String fileName = item.name().substring(item.name().lastIndexOf('/') + 1);
        ReportSource file = new ReportSource(site, fileName, item.va(), item.name());
        ImportResult imported = importFrom(file, item.content());
        if (!imported.problems().isEmpty()) {
            String reason = String.join(System.lineSeparator(), imported.problems());
            InboxFolders.reject(file, item.content(), reason, clock.instant());
        }
        quarantine.remove(item);
        return imported;
    }

    /** Imports a file outside the inbox. Problems are returned to the caller and raise no incident. */
    public synchronized ImportResult importFile(Site site, String name, Path path) throws IOException {
        return importFrom(new ReportSource(site, String.valueOf(path.getFileName()), null, name), path);
    }

    private ImportResult importFrom(ReportSource file, Path path) throws IOException {
        ReportFileReader.Source bytes = () -> Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
        FileImport result = new FileImport(file, new PendingReports());
        reader.read(bytes, result::add);
        return imported(result, bytes);
    }

    /**
     * Imports the value of a Kafka record.
     *
     * @param va the owner, if the headers of the record name it
     */
    synchronized ImportResult importRecord(Site site, @Nullable Place va, String name, byte[] value)
            throws IOException {
        ReportFileReader.Source bytes = () -> new ByteArrayInputStream(value);
        FileImport result = new FileImport(new ReportSource(site, "record", va, name), new PendingReports());
        readGuarded(result, bytes);
        return imported(result, bytes);
    }

    /**
     * Imports the answer of a device. The answer is read as a stream, so that its size costs no memory. Problems are
     * returned to the caller and raise no incident. The run reports a jump of the device's clock.
     *
     * @param device the name in the configuration; it is recorded as the source of reports for these UDIs
     * @throws IOException when the answer cannot be read
     */
    public ImportResult collect(Site site, String device, InputStream answer) throws IOException {
        FileImport result = new FileImport(
                new ReportSource(site, "device", null, "device " + device), new PendingReports(), device);
        try {
            DeviceReportsReader.read(answer, result::add, result::addProblem);
        } catch (MalformedReport e) {
            result.addProblem(String.valueOf(e.getMessage()));
        } finally {
            result.pending.record();
        }
        return new ImportResult(result.reports, result.newReports, List.copyOf(result.problems));
    }

    private ImportResult imported(FileImport result, ReportFileReader.Source bytes) throws IOException {
        keepForManager(result, bytes);
        result.pending.record();
        if (result.parts == 0 && result.problems.isEmpty() && !result.isQuarantined()) {
            result.addProblem("the input contains no usage report");
        }
        List<String> problems = List.copyOf(result.problems);
        result.problems.clear();
        report(result.file, result);
        return new ImportResult(result.reports, result.newReports, problems);
    }

    /**
     * Stores an acknowledgement file for the Manager. The file is stored unchanged, because the Manager's upload page
     * accepts whole files.
     */
    public void keepForManager(FileImport result, ReportFileReader.Source bytes) throws IOException {
        if (result.isForManager()) {
            try (InputStream in = bytes.open()) {
                // One byte more than allowed shows that the file is too large.
                keepForManager(result, in.readNBytes(ManagerAcks.MAX_SIZE + 1));
            }
        }
    }

    private void keepForManager(FileImport result, byte[] content) {
        ReportSource file = result.file;
        if (result.parts > result.acks || !result.problems.isEmpty() || content.length > ManagerAcks.MAX_SIZE) {
            LOG.warn(
                    "{}: {} is not uploaded to the SD-WAN Manager: it contains more than acknowledgements, or more than 4 MiB",
                    file.site().name(),
                    file.name());
            return;
        }
        database.write(file.site().name(), tx -> {
            forManager.store(tx, file.site(), file.name(), content);
            return 1;
        });
    }

    /**
     * Reports that are not in the ledger yet. They are registered in batches of limited size, which may contain reports
     * of several files.
     */
    public final class PendingReports {
        private List<Waiting> waiting = new ArrayList<>();
        private long characters;

        void add(RumReport report, FileImport result) {
            waiting.add(new Waiting(report, result));
            characters += report.payload().length();
            if (waiting.size() >= BATCH_SIZE || characters > MAX_BATCH_CHARACTERS) {
                record();
            }
        }

        /** Registers all waiting reports in the ledger. */
        public void record() {
            if (waiting.isEmpty()) {
                return;
            }
            List<Waiting> batch = waiting;
            waiting = new ArrayList<>();
            characters = 0;
            record(batch);
        }

        /**
         * Registers the reports. If the database refuses a value, halves of the batch are registered separately until the report with
         * the value is alone. This report is a problem of its file. All other failures are thrown, and the caller repeats the import.
         */
        private void record(List<Waiting> batch) {
            try {
                register(batch);
            } catch (StoreFailed e) {
                if (!e.isRefusedValue()) {
                    throw e;
                }
                // The transaction was rolled back, and with it the sources of its reports.
                batch.forEach(each -> each.result().recordedUdis.clear());
                if (batch.size() == 1) {
                    Waiting refused = batch.get(0);
                    requireOtherValuesAccepted(refused.result().file.site());
                    refused.result().refused(refused.report(), e);
                } else {
                    record(batch.subList(0, batch.size() / 2));
                    record(batch.subList(batch.size() / 2, batch.size()));
                }
            }
        }

        private void register(List<Waiting> batch) {
            Set<String> fresh = database.write(batch.get(0).result().file.site().name(), tx -> enter(tx, batch));
            // If a report is in the batch twice, only the first copy is new.
            batch.stream().filter(each -> fresh.remove(each.report().digest())).forEach(each -> each.result()
                    .countNew(each.report()));
        }

        private Set<String> enter(Handle tx, List<Waiting> batch) {
            batch.forEach(each -> each.result().recordSource(tx, each.report()));
            return registration.register(
                    tx, batch.stream().map(Waiting::arriving).toList());
        }
    }

    /**
     * Checks that the database takes a report with other values at the same moment, without keeping it. If it does, only the values of the
     * refused report can be the reason for the refusal.
     *
     * @throws StoreFailed if the database refuses this report as well: then its state is the reason
     */
    private void requireOtherValuesAccepted(Site site) {
        database.write(site.name(), tx -> {
            tx.savepoint(CONTROL);
            int registered = registration
                    .register(
                            tx,
                            List.of(new ReportRegistration.Arriving(
                                    CONTROL_REPORT, new ReportSource(site, CONTROL, null, CONTROL))))
                    .size();
            tx.rollbackToSavepoint(CONTROL);
            return registered;
        });
    }

    private record Waiting(RumReport report, FileImport result) {
        ReportRegistration.Arriving arriving() {
            return new ReportRegistration.Arriving(report, result.file);
        }
    }

    /** The result of one file. */
    public final class FileImport {
        private final ReportSource file;
        private final PendingReports pending;
        private final @Nullable String device;
        private final Set<Udi> recordedUdis = new HashSet<>();
        private final List<String> problems = new ArrayList<>();
        private int omitted;
        private int reports;
        private int newReports;
        private int parts;
        private int acks;
        private @Nullable String clockJump;
        private Quarantine.@Nullable Item quarantined;
        private boolean isRetained;

        FileImport(ReportSource file, PendingReports pending) {
            this(file, pending, null);
        }

        /** @param device the device that sent the answer; null for other inputs */
        FileImport(ReportSource file, PendingReports pending, @Nullable String device) {
            this.file = file;
            this.pending = pending;
            this.device = device;
        }

        void add(ParsedFile content) {
            parts += content.reports().size() + content.acks().size();
            acks += content.acks().size();
            content.acks().forEach(this::importAck);
            content.statements().forEach(this::importStatus);
            content.reports().forEach(this::add);
            content.problems().forEach(this::addProblem);
        }

        void add(RumReport report) {
            reports++;
            pending.add(report, this);
        }

        private void addProblem(String problem) {
            if (problems.size() < MAX_PROBLEMS) {
                problems.add(problem);
            } else {
                omitted++;
            }
        }

        private void importAck(AckFile ack) {
            pending.record();
            database.write(file.site().name(), tx -> {
                ReportIntake.this.acks.importAck(tx, file.site(), file.withFileName(ack), file.name());
                return 1;
            });
        }

        /** Imports a status output, after the reports of the same file. */
        private void importStatus(DeviceStatus statement) {
            pending.record();
            parts++;
            String problem = database.write(file.site().name(), tx -> Optional.ofNullable(
                            statements.take(tx, file.site(), statement, file.name()))
                    .orElse(""));
            if (!problem.isEmpty()) {
                addProblem(problem);
            }
        }

        private void recordSource(Handle tx, RumReport report) {
            if (device != null && recordedUdis.add(report.udi())) {
                DeviceContacts.recordUdi(tx, file.site(), device, report.udi(), clock);
            }
        }

        private void refused(RumReport report, StoreFailed refusal) {
            addProblem("the report with the digest " + report.digest()
                    + " cannot be stored, because of a value in it: "
                    + String.valueOf(refusal.getMessage()).lines().findFirst().orElse(""));
        }

        private void countNew(RumReport report) {
            newReports++;
            if (clockJump == null && report.clockJump() != null) {
                clockJump = file.name() + ": " + report.udi() + ": " + report.clockJump();
            }
        }

        public ReportSource file() {
            return file;
        }

        /** Whether the file could be neither read nor quarantined, and waits for the next pass. */
        public boolean isRetained() {
            return isRetained;
        }

        /** Whether the file is quarantined, because the process ended while it read the file. */
        public boolean isQuarantined() {
            return quarantined != null;
        }

        public boolean isGood() {
            return problems.isEmpty();
        }

        /** The number of reports, and the number of new reports, as text. */
        public String count() {
            return Plural.of(reports, "report") + ", " + newReports + " new";
        }

        private boolean isForManager() {
            return acks > 0 && file.site().reports().push() == Push.MANAGER;
        }

        public String reason() {
            String all = String.join(System.lineSeparator(), problems);
            return omitted == 0 ? all : all + System.lineSeparator() + "and " + omitted + " more";
        }
    }

    /** Holds all waiting reports of a site whose push is off. */
    public void holdAll(Site site) {
        database.write(site.name(), tx -> registration.holdAll(tx, site));
    }

    private static String quarantineMessage(Quarantine.Item item) {
        return item.name() + " is quarantined as " + item.id() + ": " + item.why();
    }

    /** Reports all problems of a file in one incident update. After a crash the next run reports a clock jump. */
    public void report(ReportSource file, FileImport result) {
        List<Finding> findings = new ArrayList<>();
        if (!result.problems.isEmpty()) {
            String more = result.problems.size() > 1 ? " (and more, see the .reason.txt file next to it)" : "";
            String message = file.name() + ": " + result.problems.get(0) + more;
            LOG.warn(
                    "{}: a file in the inbox is not a usable report: {}",
                    file.site().name(),
                    message);
            findings.add(new Finding(Findings.REPORT_UNREADABLE, message));
        }
        if (result.quarantined != null) {
            findings.add(new Finding(Findings.REPORT_PUT_ASIDE, quarantineMessage(result.quarantined)));
        }
        if (result.clockJump != null) {
            findings.add(new Finding(Findings.REPORT_CLOCK_JUMPED, result.clockJump));
        }
        if (!findings.isEmpty()) {
            database.write(file.site().name(), tx -> {
                // The update replaces the previous one, so it repeats persisting problems of the inbox.
                InboxTable.stuck(tx, file.site()).ifPresent(findings::add);
                incidents.raise(tx, file.site().place(), Step.INBOX, findings, clock.instant());
                return findings.size();
            });
        }
    }
}
