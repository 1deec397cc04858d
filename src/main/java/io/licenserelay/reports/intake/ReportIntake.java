package io.licenserelay.reports.intake;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
 * Takes what files, records and devices bring into the ledger. The good reports of a file are taken whatever lies beside them; what
 * is of no use is a complaint.
 */
public final class ReportIntake {
    /** The largest file that is read, in bytes. */
    public static final int LARGEST = 16 << 20;

    private static final int MOST_AT_ONCE = 500;
    private static final long MOST_CHARACTERS = 8 << 20;
    private static final int MOST_COMPLAINTS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(ReportIntake.class);

    private final Database database;
    private final ReportIncidents alarms;
    private final Clock clock;
    private final PoisonGuard guard;
    private final Quarantine quarantine;
    private final ReportFileReader reader = new ReportFileReader(LARGEST);
    private final ReportRegistration admission;
    private final DeviceStatusImport statements;
    private final AckFileImport acks;
    private final ManagerAcks forManager;

    public ReportIntake(
            Database database,
            Ledger ledger,
            ReportIncidents alarms,
            Redactor redactor,
            PoisonGuard guard,
            Quarantine quarantine,
            Clock clock) {
        this.guard = guard;
        this.quarantine = quarantine;
        this.database = database;
        this.alarms = alarms;
        this.clock = clock;
        this.admission = new ReportRegistration(ledger);
        this.acks = new AckFileImport(ledger, alarms, clock);
        this.forManager = new ManagerAcks(redactor, clock);
        this.statements = new DeviceStatusImport(ledger, alarms, clock);
    }

    /** For the reports of some files that go into the ledger together. */
    public Pile pile() {
        return new Pile();
    }

    /** Reads a file of an inbox; its reports are in the ledger once the pile was recorded. */
    public Intake read(ReportSource file, Pile pile, ReportFileReader.Source bytes) {
        Intake intake = new Intake(file, pile);
        try {
            guarded(intake, bytes);
        } catch (UncheckedIOException e) {
            LOG.error("{}: {} cannot be put aside and waits", file.site().name(), file.name(), e);
            intake.stays = true;
        }
        if (intake.parts == 0 && intake.complaints.isEmpty() && !intake.isPutAside() && !intake.stays) {
            intake.add(ParsedFile.useless("there is no usage report in it"));
        }
        return intake;
    }

    /** What comes of a file that is not read. */
    public Intake refuse(ReportSource file, Pile pile, String reason) {
        Intake intake = new Intake(file, pile);
        intake.add(ParsedFile.useless(reason));
        return intake;
    }

    /** Reads it, unless earlier processes died of it: then it is put aside. */
    private void guarded(Intake intake, ReportFileReader.Source bytes) {
        ReportSource file = intake.file;
        String what = file.site().name() + " " + file.name();
        String why = guard.suspicion(what);
        if (why == null) {
            try (PoisonGuard.Reading reading = guard.begin(what)) {
                reader.read(bytes, intake::add);
                return;
            } catch (OutOfMemoryError e) {
                // Where the JVM itself does not end: what was built is garbage by now.
                LOG.error("{}: memory ran out while {} was read", file.site().name(), file.name(), e);
                guard.ranOutOfMemory(what);
                why = guard.suspicion(what);
            }
        }
        try (InputStream in = bytes.open()) {
            intake.putAside = quarantine.keep(file.site(), file.va(), file.name(), String.valueOf(why), in);
            guard.forget(what);
        } catch (IOException e) {
            throw new UncheckedIOException(file.name() + " cannot be put aside", e);
        }
    }

    /**
     * Reads once more what was put aside. It is not in quarantine any more afterwards; when it is of no use it lies in {@code
     * rejected/} with the reason beside it. If the relay dies of it again, it stays where it is.
     */
    public synchronized ImportResult retry(Site site, Quarantine.Item item) throws IOException {
        String own = item.name().substring(item.name().lastIndexOf('/') + 1);
        ReportSource file = new ReportSource(site, own, item.va(), item.name());
        ImportResult imported = importFrom(file, item.content());
        if (!imported.complaints().isEmpty()) {
            String reason = String.join(System.lineSeparator(), imported.complaints());
            InboxFolders.reject(file, item.content(), reason, clock.instant());
        }
        quarantine.remove(item);
        return imported;
    }

    /** Takes a file that lies somewhere else; what is of no use is for whoever asked, and no incident. */
    public synchronized ImportResult importFile(Site site, String name, Path path) throws IOException {
        return importFrom(new ReportSource(site, String.valueOf(path.getFileName()), null, name), path);
    }

    private ImportResult importFrom(ReportSource file, Path path) throws IOException {
        ReportFileReader.Source bytes = () -> Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
        Intake intake = new Intake(file, new Pile());
        reader.read(bytes, intake::add);
        return imported(intake, bytes);
    }

    /**
     * The same of a Kafka record's value.
     *
     * @param va whose it is, when its headers say so
     */
    synchronized ImportResult importRecord(Site site, @Nullable Place va, String name, byte[] value)
            throws IOException {
        ReportFileReader.Source bytes = () -> new ByteArrayInputStream(value);
        Intake intake = new Intake(new ReportSource(site, "record", va, name), new Pile());
        guarded(intake, bytes);
        return imported(intake, bytes);
    }

    /**
     * The same of what a device answers, piece by piece, so that its size costs no memory. What is of no use is for whoever asked,
     * and no incident; a jump of the device's clock is told by the run.
     *
     * @param device as it is configured; it is remembered as the one that carries the reports of these UDIs
     * @throws IOException when the answer cannot be read
     */
    public ImportResult collect(Site site, String device, InputStream answer) throws IOException {
        Intake intake = new Intake(new ReportSource(site, "device", null, "device " + device), new Pile(), device);
        try {
            DeviceReportsReader.read(answer, intake::add, intake::complain);
        } catch (MalformedReport e) {
            intake.complain(String.valueOf(e.getMessage()));
        } finally {
            intake.pile.record();
        }
        return new ImportResult(intake.reports, intake.fresh, List.copyOf(intake.complaints));
    }

    private ImportResult imported(Intake intake, ReportFileReader.Source bytes) throws IOException {
        keepForManager(intake, bytes);
        intake.pile.record();
        if (intake.parts == 0 && intake.complaints.isEmpty() && !intake.isPutAside()) {
            intake.complain("there is no usage report in it");
        }
        List<String> complaints = List.copyOf(intake.complaints);
        intake.complaints.clear();
        report(intake.file, intake);
        return new ImportResult(intake.reports, intake.fresh, complaints);
    }

    /** Acknowledgements are for the Manager in the file in which they came, since it is such a file that its page takes. */
    public void keepForManager(Intake intake, ReportFileReader.Source bytes) throws IOException {
        if (intake.isForManager()) {
            try (InputStream in = bytes.open()) {
                // Enough to see that a file is too large.
                keepForManager(intake, in.readNBytes(ManagerAcks.LARGEST + 1));
            }
        }
    }

    private void keepForManager(Intake intake, byte[] content) {
        ReportSource file = intake.file;
        if (intake.parts > intake.acks || !intake.complaints.isEmpty() || content.length > ManagerAcks.LARGEST) {
            LOG.warn(
                    "{}: {} is not handed to the SD-WAN Manager: it holds more than acknowledgements, or more than 4 MiB",
                    file.site().name(),
                    file.name());
            return;
        }
        database.write(tx -> {
            forManager.keep(tx, file.site(), file.name(), content);
            return 1;
        });
    }

    /** Reports on their way into the ledger: some a transaction, however many there are, of however many files. */
    public final class Pile {
        private List<Waiting> waiting = new ArrayList<>();
        private long characters;

        void add(RumReport report, Intake intake) {
            waiting.add(new Waiting(report, intake));
            characters += report.payload().length();
            if (waiting.size() >= MOST_AT_ONCE || characters > MOST_CHARACTERS) {
                record();
            }
        }

        /** What waits is in the ledger after this. */
        public void record() {
            if (waiting.isEmpty()) {
                return;
            }
            List<Waiting> some = waiting;
            waiting = new ArrayList<>();
            characters = 0;
            Set<String> fresh = database.write(tx -> enter(tx, some));
            // The same report twice among them is new once.
            some.stream().filter(each -> fresh.remove(each.report().digest())).forEach(each -> each.intake()
                    .isNew(each.report()));
        }

        private Set<String> enter(Handle tx, List<Waiting> some) {
            some.forEach(each -> each.intake().carried(tx, each.report()));
            return admission.enter(tx, some.stream().map(Waiting::arriving).toList());
        }
    }

    private record Waiting(RumReport report, Intake intake) {
        ReportRegistration.Arriving arriving() {
            return new ReportRegistration.Arriving(report, intake.file);
        }
    }

    /** What came of one file. */
    public final class Intake {
        private final ReportSource file;
        private final Pile pile;
        private final @Nullable String device;
        private final Set<Udi> carried = new HashSet<>();
        private final List<String> complaints = new ArrayList<>();
        private int unnamed;
        private int reports;
        private int fresh;
        private int parts;
        private int acks;
        private @Nullable String jump;
        private Quarantine.@Nullable Item putAside;
        private boolean stays;

        Intake(ReportSource file, Pile pile) {
            this(file, pile, null);
        }

        /** @param device whose answer it is, if it is one */
        Intake(ReportSource file, Pile pile, @Nullable String device) {
            this.file = file;
            this.pile = pile;
            this.device = device;
        }

        void add(ParsedFile content) {
            parts += content.reports().size() + content.acks().size();
            acks += content.acks().size();
            content.acks().forEach(this::take);
            content.statements().forEach(this::importStatus);
            content.reports().forEach(this::add);
            content.complaints().forEach(this::complain);
        }

        void add(RumReport report) {
            reports++;
            pile.add(report, this);
        }

        private void complain(String complaint) {
            if (complaints.size() < MOST_COMPLAINTS) {
                complaints.add(complaint);
            } else {
                unnamed++;
            }
        }

        private void take(AckFile ack) {
            pile.record();
            database.write(tx -> {
                ReportIntake.this.acks.take(tx, file.site(), file.named(ack), file.name());
                return 1;
            });
        }

        /** Reports of the same file are in the ledger before it. */
        private void importStatus(DeviceStatus statement) {
            pile.record();
            parts++;
            String useless =
                    database.write(tx -> Optional.ofNullable(statements.take(tx, file.site(), statement, file.name()))
                            .orElse(""));
            if (!useless.isEmpty()) {
                complain(useless);
            }
        }

        private void carried(Handle tx, RumReport report) {
            if (device != null && carried.add(report.udi())) {
                DeviceContacts.carries(tx, file.site(), device, report.udi(), clock);
            }
        }

        private void isNew(RumReport report) {
            fresh++;
            if (jump == null && report.clockJump() != null) {
                jump = file.name() + ": " + report.udi() + ": " + report.clockJump();
            }
        }

        public ReportSource file() {
            return file;
        }

        /** Whether it could neither be read nor put aside: nothing is known of it yet. */
        public boolean stays() {
            return stays;
        }

        /** Whether its bytes are kept elsewhere, since the relay died while it read them. */
        public boolean isPutAside() {
            return putAside != null;
        }

        public boolean isGood() {
            return complaints.isEmpty();
        }

        /** How many reports are in it, and how many of them are new. */
        public String count() {
            return reports + " report(s), " + fresh + " new";
        }

        private boolean isForManager() {
            return acks > 0 && file.site().reports().push() == Push.MANAGER;
        }

        public String reason() {
            String all = String.join(System.lineSeparator(), complaints);
            return unnamed == 0 ? all : all + System.lineSeparator() + "and " + unnamed + " more";
        }
    }

    /** What waits at a site that sends nothing is held, whatever was configured when it came. */
    public void holdAll(Site site) {
        database.write(tx -> admission.holdAll(tx, site));
    }

    private static String putAside(Quarantine.Item item) {
        return item.name() + " is put aside as " + item.id() + ": " + item.why();
    }

    /** One word for all that is wrong with a file; a jump that is not told for a crash is told by the next run. */
    public void report(ReportSource file, Intake intake) {
        List<Finding> findings = new ArrayList<>();
        if (!intake.complaints.isEmpty()) {
            String more = intake.complaints.size() > 1 ? " (and more, see the file beside it)" : "";
            String message = file.name() + ": " + intake.complaints.get(0) + more;
            LOG.warn(
                    "{}: a file in the inbox is no usable report: {}",
                    file.site().name(),
                    message);
            findings.add(new Finding(Findings.REPORT_UNREADABLE, message));
        }
        if (intake.putAside != null) {
            findings.add(new Finding(Findings.REPORT_PUT_ASIDE, putAside(intake.putAside)));
        }
        if (intake.jump != null) {
            findings.add(new Finding(Findings.REPORT_CLOCK_JUMPED, intake.jump));
        }
        if (!findings.isEmpty()) {
            database.write(tx -> {
                // What else is wrong with the inbox stays so.
                InboxTable.stuck(tx, file.site()).ifPresent(findings::add);
                alarms.raise(tx, file.site().place(), Step.INBOX, findings, clock.instant());
                return findings.size();
            });
        }
    }
}
