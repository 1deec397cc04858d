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
 * Gives devices the acknowledgements of their reports: {@code POST /smartlic-service/import}. This writes to the device, so it happens
 * only where {@code acks} names the form: Cisco's documentation says base64, Cisco's sample sends the XML itself. What import answers
 * in its body is not documented: the status alone counts. One at a time is given to a device.
 */
public final class DeviceAckDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceAckDelivery.class);

    private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final PendingDeviceAcks returns;
    private final DeviceContacts contacts;
    private final PushHealth health;
    private final HttpSender http;
    private final RejectedCredentials refusals;
    private final Clock clock;

    public DeviceAckDelivery(
            Database database,
            PendingDeviceAcks returns,
            DeviceContacts contacts,
            PushHealth health,
            HttpSender http,
            Clock clock) {
        this.returns = returns;
        this.contacts = contacts;
        this.health = health;
        this.http = http;
        this.refusals = RejectedCredentials.keeping(database, clock);
        this.clock = clock;
    }

    /**
     * A round at the devices for which there are acknowledgements. One that did not answer when it was asked last waits for the next
     * run.
     *
     * @param task a run gives again what was refused
     */
    public DeviceWave begin(SiteTask task) {
        Site site = task.site();
        Devices devices = Objects.requireNonNull(site.reports().devices());
        Set<String> waiting =
                devices.acks() == Acks.OFF ? Set.of() : returns.devices(site, devices.acks(), task.isRun());
        List<Device> visited = waiting.isEmpty()
                ? List.of()
                : contacts.answering(site, devices).stream()
                        .filter(device -> waiting.contains(device.name()))
                        .toList();
        return task.isRun()
                ? DeviceWave.givingAgain(site, visited, refusals, clock)
                : new DeviceWave(site, visited, refusals, clock);
    }

    /** Gives the device what waits for it; what it refuses does not keep the rest from it. */
    public void give(@Body Device device, DeviceWave round) throws IOException {
        Site site = round.site();
        Acks form = Objects.requireNonNull(site.reports().devices()).acks();
        // A run and the timer between runs may both be here.
        ReentrantLock one = locks.computeIfAbsent(site.name() + "/" + device.name(), name -> new ReentrantLock());
        one.lock();
        try (DeviceSession visit = new DeviceSession(round, device, http, clock)) {
            for (PendingDeviceAcks.Return each : returns.waiting(site, device, form, round.givesAgain())) {
                returns.prepare(each, form);
                if (isTaken(visit, device, each, form, round)) {
                    returns.given(each);
                    LOG.info("{}: device {} has the acknowledgement of {}", site.name(), device.name(), each.udi());
                }
            }
        } finally {
            one.unlock();
        }
    }

    private boolean isTaken(
            DeviceSession visit, Device device, PendingDeviceAcks.Return each, Acks form, DeviceWave round)
            throws IOException {
        try {
            visit.post("import", content(each, form));
            return true;
        } catch (SsmRefused refused) {
            HttpExchangeRecord exchange = refused.exchange();
            int status = exchange == null || exchange.status() == null ? 0 : exchange.status();
            if (status / 100 != 4 || status == 401 || status == 403) {
                throw refused;
            }
            if (returns.refused(each, device, refused.getMessage() + ", form " + form.wireName())) {
                round.bringsNews();
            }
            LOG.warn(
                    "{}: device {} refuses an acknowledgement: {}", round.site().name(), device.name(), status);
            return false;
        }
    }

    private static byte[] content(PendingDeviceAcks.Return each, Acks form) {
        byte[] xml = each.ack().bytes();
        return form == Acks.BASE64 ? Base64.getEncoder().encode(xml) : xml;
    }

    /** Tells at once what went wrong in the round; what is not told for a crash is told by the next run. */
    public void reportTroubles(Site site, DeviceWave round) throws IOException {
        if (round.hasNews()) {
            health.remind(site);
        }
    }
}
