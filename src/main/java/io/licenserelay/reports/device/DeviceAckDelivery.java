package io.licenserelay.reports.device;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.site.Site.Devices.Acks;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.SiteTask;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.ledger.DeviceContacts;
import io.licenserelay.reports.ledger.PendingDeviceAcks;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers acknowledgements to devices: {@code POST /smartlic-service/import}. This writes to the device, so it is done
 * only if {@code acks} names the form: Cisco's documentation says base64, Cisco's sample sends the XML itself. The body
 * of the answer is not documented, so only the status counts. Each device receives one acknowledgement at a time.
 */
public final class DeviceAckDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceAckDelivery.class);

    private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final PendingDeviceAcks pending;
    private final DeviceContacts contacts;
    private final PushHealth health;
    private final HttpSender http;
    private final RejectedCredentials refusals;
    private final Clock clock;

    public DeviceAckDelivery(
            Database database,
            PendingDeviceAcks pending,
            DeviceContacts contacts,
            PushHealth health,
            HttpSender http,
            Clock clock) {
        this.pending = pending;
        this.contacts = contacts;
        this.health = health;
        this.http = http;
        this.refusals = RejectedCredentials.keeping(database, clock);
        this.clock = clock;
    }

    /**
     * Starts a round over the devices with pending acknowledgements. A device whose last request failed waits for the
     * next run.
     *
     * @param task a run sends refused acknowledgements again
     */
    public DeviceWave begin(SiteTask task) {
        Site site = task.site();
        Devices devices = Objects.requireNonNull(site.reports().devices());
        Set<String> waiting =
                devices.acks() == Acks.OFF ? Set.of() : pending.devices(site, devices.acks(), task.isRun());
        List<Device> visited = waiting.isEmpty()
                ? List.of()
                : contacts.answering(site, devices).stream()
                        .filter(device -> waiting.contains(device.name()))
                        .toList();
        return task.isRun()
                ? DeviceWave.resendingRefused(site, visited, refusals, clock)
                : new DeviceWave(site, visited, refusals, clock);
    }

    /** Sends the pending acknowledgements to the device. After a refusal it continues with the next one. */
    public void give(@Body Device device, DeviceWave round) throws IOException {
        Site site = round.site();
        Acks form = Objects.requireNonNull(site.reports().devices()).acks();
        // A run and the timer between runs may call this at the same time.
        ReentrantLock lock = locks.computeIfAbsent(site.name() + "/" + device.name(), name -> new ReentrantLock());
        lock.lock();
        try (DeviceSession session = new DeviceSession(round, device, http, clock)) {
            for (PendingDeviceAcks.PendingAck each : pending.waiting(site, device, form, round.resendsRefused())) {
                pending.prepare(each, form);
                if (deliver(session, device, each, form, round)) {
                    pending.accepted(each);
                    LOG.info(
                            "{}: device {} accepted the acknowledgement for {}",
                            site.name(),
                            device.name(),
                            each.udi());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean deliver(
            DeviceSession session, Device device, PendingDeviceAcks.PendingAck each, Acks form, DeviceWave round)
            throws IOException {
        try {
            session.post("import", content(each, form));
            return true;
        } catch (SsmRefused refused) {
            HttpExchangeRecord exchange = refused.exchange();
            int status = exchange == null || exchange.status() == null ? 0 : exchange.status();
            if (status / 100 != 4 || status == 401 || status == 403) {
                throw refused;
            }
            if (pending.refused(each, device, refused.getMessage() + ", form " + form.wireName())) {
                round.markChanged();
            }
            LOG.warn(
                    "{}: device {} refused an acknowledgement: {}", round.site().name(), device.name(), status);
            return false;
        }
    }

    private static byte[] content(PendingDeviceAcks.PendingAck each, Acks form) {
        byte[] xml = each.ack().bytes();
        return form == Acks.BASE64 ? Base64.getEncoder().encode(xml) : xml;
    }

    /** Reports the failures of the round at once. After a crash the next run reports them. */
    public void reportTroubles(Site site, DeviceWave round) throws IOException {
        if (round.isChanged()) {
            health.remind(site);
        }
    }
}
