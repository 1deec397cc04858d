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
 * Asks devices for their usage reports: {@code GET /smartlic-service/all-reports}, or {@code days/n}. What a device said, or why it
 * did not, is written down; who tells of it reads that. Each device stands for itself.
 */
public final class DeviceReports {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceReports.class);

    /** What Cisco's sample sends; whether a body is needed at all is not documented. */
    private static final byte[] CLOSE = "test=".getBytes(StandardCharsets.US_ASCII);

    private final DeviceContacts contacts;
    private final ReportIntake reception;
    private final HttpSender http;
    private final RejectedCredentials refusals;
    private final Clock clock;

    public DeviceReports(
            Database database, DeviceContacts contacts, ReportIntake reception, HttpSender http, Clock clock) {
        this.contacts = contacts;
        this.reception = reception;
        this.http = http;
        this.refusals = RejectedCredentials.keeping(database, clock);
        this.clock = clock;
    }

    /**
     * A round at all devices of the site. Those that answered last time come first, so that a password that others refuse is known
     * to be good.
     *
     * @param recordRequest whether an operator wants it: then refused passwords are tried once more, at the devices that refused them last
     */
    public DeviceWave begin(Site site, boolean onRequest) {
        Devices devices = Objects.requireNonNull(site.reports().devices());
        Set<Device> answering = Set.copyOf(contacts.answering(site, devices));
        List<Device> order = sorted(devices.list(), each -> !answering.contains(each));
        DeviceWave round = new DeviceWave(site, order, refusals, clock);
        if (!onRequest) {
            return round;
        }
        List<Device> again = sorted(order, each -> round.earlier(each).isPresent());
        round.allowAttempts();
        return new DeviceWave(site, again, refusals, clock);
    }

    /** Otherwise in the order they have. */
    private static List<Device> sorted(List<Device> devices, Predicate<Device> later) {
        Map<Boolean, List<Device>> parts = devices.stream().collect(Collectors.partitioningBy(later));
        return Stream.of(parts.get(false), parts.get(true))
                .flatMap(List::stream)
                .toList();
    }

    /** Closes the device's open reports, so that they are among those that it gives. This writes to the device. */
    public void close(@Body Device device, DeviceWave round) throws IOException {
        contacts.recordRequest(round.site(), device);
        try (DeviceSession visit = new DeviceSession(round, device, http, clock)) {
            visit.post("close-reports", CLOSE);
        }
    }

    /** Takes the device's reports into the ledger, byte for byte. */
    public void collect(@Body Device device, DeviceWave round) throws IOException {
        Site site = round.site();
        contacts.recordRequest(site, device);
        int days = Objects.requireNonNull(site.reports().devices()).days();
        ImportResult imported;
        // Its time is bounded while it comes in, and the ledger may take longer than that. Deleted on close, the file
        // has no name from
        // now on: whatever ends the process, nothing is left.
        Path unnamed = Files.createTempFile("license-relay-device-", ".json");
        try (FileChannel answer = FileChannel.open(
                unnamed, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            read(device, round, days == 0 ? "all-reports" : "days/" + days, answer);
            imported = reception.collect(site, device.name(), Channels.newInputStream(answer.position(0)));
        }
        List<String> complaints = imported.complaints();
        Finding trouble = complaints.isEmpty()
                ? null
                : new Finding(
                        Findings.DEVICE_BAD_ANSWER,
                        complaints.get(0)
                                + (complaints.size() > 1 ? "; and " + (complaints.size() - 1) + " more" : ""));
        contacts.answered(site, device, imported.reports(), trouble);
        LOG.info(
                "{}: device {} gave {} report(s), {} new{}",
                site.name(),
                device.name(),
                imported.reports(),
                imported.fresh(),
                trouble == null ? "" : "; some of its answer is of no use");
    }

    private void read(Device device, DeviceWave round, String path, FileChannel answer) throws IOException {
        try (DeviceSession visit = new DeviceSession(round, device, http, clock)) {
            visit.get(path, body -> body.transferTo(Channels.newOutputStream(answer)));
        }
    }

    /** The device could not be asked, or given something; the others are. What our own store refuses is no device's fault. */
    public void failed(Exception thrown, @Body Device device, DeviceWave round) {
        if (thrown instanceof StoreFailed ours) {
            throw ours;
        }
        if (thrown instanceof DevicePaused) {
            LOG.info("{}: device {} is not asked now: {}", round.site().name(), device.name(), thrown.getMessage());
            return;
        }
        Finding why = DeviceTrouble.of(round.site().place(), thrown, clock);
        contacts.failed(round.site(), device, why);
        round.bringsNews();
        LOG.warn("{}: device {} is not well: {}", round.site().name(), device.name(), why.name());
    }
}
