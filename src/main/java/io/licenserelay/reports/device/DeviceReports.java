package io.licenserelay.reports.device;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.http.HttpSender;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.ledger.DeviceContacts;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Plural;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests usage reports from devices: {@code GET /smartlic-service/all-reports}, or {@code days/n}. The result of each
 * device is recorded; the health check reports failures from these records. A failure of one device does not affect the
 * others.
 */
public final class DeviceReports {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceReports.class);

    /** The body in Cisco's sample. Whether a body is required is not documented. */
    private static final byte[] CLOSE = "test=".getBytes(StandardCharsets.US_ASCII);

    private final DeviceContacts contacts;
    private final ReportIntake intake;
    private final HttpSender http;
    private final RejectedCredentials refusals;
    private final Clock clock;

    public DeviceReports(
            Database database, DeviceContacts contacts, ReportIntake intake, HttpSender http, Clock clock) {
        this.contacts = contacts;
        this.intake = intake;
        this.http = http;
        this.refusals = RejectedCredentials.keeping(database, clock);
        this.clock = clock;
    }

    /**
     * Starts a round over all devices of the site. Devices that answered last time come first, so that a valid password
     * is recognised before other devices refuse it.
     *
     * @param onRequest whether an operator requested the run: refused passwords are then tried once more, at the
     *     devices that refused them last of all
     */
    public DeviceWave begin(Site site, boolean onRequest) {
        Devices devices = Objects.requireNonNull(site.reports().devices());
        Set<Device> answering = Set.copyOf(contacts.answering(site, devices));
        List<Device> order = sorted(devices.list(), each -> !answering.contains(each));
        DeviceWave round = new DeviceWave(site, order, refusals, clock);
        if (!onRequest) {
            return round;
        }
        List<Device> lastRefusedLast =
                sorted(order, each -> round.lastFailure(each).isPresent());
        round.allowAttempts();
        return new DeviceWave(site, lastRefusedLast, refusals, clock);
    }

    /** Moves the devices of the predicate to the end, and keeps the order otherwise. */
    private static List<Device> sorted(List<Device> devices, Predicate<Device> isLater) {
        Map<Boolean, List<Device>> partitions = devices.stream().collect(Collectors.partitioningBy(isLater));
        return Stream.of(partitions.get(false), partitions.get(true))
                .flatMap(List::stream)
                .toList();
    }

    /** Closes the device's open reports, so that its answer includes them. This writes to the device. */
    public void close(@Body Device device, DeviceWave round) throws IOException {
        contacts.recordRequest(round.site(), device);
        try (DeviceSession session = new DeviceSession(round, device, http, clock)) {
            session.post("close-reports", CLOSE);
        }
    }

    /** Imports the device's reports into the ledger, byte for byte. */
    public void collect(@Body Device device, DeviceWave round) throws IOException {
        Site site = round.site();
        contacts.recordRequest(site, device);
        int days = Objects.requireNonNull(site.reports().devices()).days();
        ImportResult imported;
        // The answer is stored in a file first, because the transfer has a time limit and the ledger may take longer.
        // The file is deleted while it is open, so that it is removed however the process ends.
        Path tempFile = Files.createTempFile("license-relay-device-", ".json");
        try (FileChannel answer = FileChannel.open(
                tempFile, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            read(device, round, days == 0 ? "all-reports" : "days/" + days, answer);
            imported = intake.collect(site, device.name(), Channels.newInputStream(answer.position(0)));
        }
        List<String> problems = imported.problems();
        Finding trouble = problems.isEmpty()
                ? null
                : new Finding(
                        Findings.DEVICE_BAD_ANSWER,
                        problems.get(0) + (problems.size() > 1 ? "; and " + (problems.size() - 1) + " more" : ""));
        contacts.answered(site, device, imported.reports(), trouble);
        LOG.info(
                "{}: device {} returned {}, {} new{}",
                site.name(),
                device.name(),
                Plural.of(imported.reports(), "report"),
                imported.fresh(),
                trouble == null ? "" : "; part of its answer is unusable");
    }

    private void read(Device device, DeviceWave round, String path, FileChannel answer) throws IOException {
        try (DeviceSession session = new DeviceSession(round, device, http, clock)) {
            session.get(path, body -> body.transferTo(Channels.newOutputStream(answer)));
        }
    }

    /**
     * Records a failed request; the round continues with the other devices. A failure of the relay's own database is
     * not a failure of the device.
     */
    public void failed(Exception thrown, @Body Device device, DeviceWave round) {
        if (thrown instanceof StoreFailed storeFailure) {
            throw storeFailure;
        }
        if (thrown instanceof DevicePaused) {
            LOG.info("{}: no request to device {} now: {}", round.site().name(), device.name(), thrown.getMessage());
            return;
        }
        Finding why = DeviceTrouble.of(round.site().place(), thrown, clock);
        contacts.failed(round.site(), device, why);
        round.markChanged();
        LOG.warn("{}: device {} failed: {}", round.site().name(), device.name(), why.name());
    }
}
