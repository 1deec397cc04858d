package io.licenserelay.reports.device;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.User;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.ssm.token.PasswordAttemptLog;
import io.licenserelay.ssm.token.RejectedCredentials;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One round at some devices of a site, while it goes on, wave by wave. Devices mostly share one user, whose account is often kept in
 * one place (TACACS+, RADIUS) and locks there: until a device has let a user in, two devices a wave are visited as it; once two have
 * refused it and none has let it in, nobody else is sent its password. Thread-safe: the devices of a wave are visited side by side.
 */
public final class DeviceWave {
    private final Site site;
    private final List<Device> waiting;
    private final RejectedCredentials refusals;
    private final PasswordAttemptLog attempts;
    private final Map<User, CredentialProbation> trials = new HashMap<>();
    private final boolean again;
    private final AtomicBoolean news = new AtomicBoolean();

    DeviceWave(Site site, List<Device> devices, RejectedCredentials refusals, Clock clock) {
        this(site, devices, refusals, clock, false);
    }

    /** One in which what a device refused is given to it again. */
    static DeviceWave givingAgain(Site site, List<Device> devices, RejectedCredentials refusals, Clock clock) {
        return new DeviceWave(site, devices, refusals, clock, true);
    }

    private DeviceWave(Site site, List<Device> devices, RejectedCredentials refusals, Clock clock, boolean again) {
        this.again = again;
        this.site = site;
        this.waiting = new ArrayList<>(devices);
        this.refusals = refusals;
        this.attempts = new PasswordAttemptLog(refusals, clock);
    }

    public synchronized boolean hasNext() {
        return !waiting.isEmpty();
    }

    /** The next wave, which is to be over before the one after it is asked for. */
    public synchronized List<Device> next() {
        Map<User, Integer> trying = new HashMap<>();
        List<Device> wave = new ArrayList<>();
        for (Iterator<Device> each = waiting.iterator(); each.hasNext(); ) {
            Device device = each.next();
            if (!trial(device).isOpen() || trying.merge(device.user(), 1, Integer::sum) <= CredentialProbation.MOST) {
                wave.add(device);
                each.remove();
            }
        }
        return wave;
    }

    Site site() {
        return site;
    }

    boolean givesAgain() {
        return again;
    }

    /** Something is not well that was when the round began. */
    void bringsNews() {
        news.set(true);
    }

    boolean hasNews() {
        return news.get();
    }

    /** An operator asked: even what was refused may be tried once. */
    synchronized void allowAttempts() {
        for (Device device : waiting) {
            refusals.forget(ofDevice(device));
            refusals.forget(ofUser(device));
        }
    }

    /** What came of the newest request to the device that was not answered well, if anything is known. */
    Optional<RejectedCredentials.Refusal> earlier(Device device) {
        return refusals.of(ofDevice(device));
    }

    /** @throws SsmException when what a device answers to the password cannot be written down */
    void checkKept() throws SsmException {
        attempts.checkKept();
    }

    /** The device answered well again. */
    void forget(Device device) {
        refusals.forget(ofDevice(device));
    }

    /** The password was sent, and the answer, if any, said nothing of it. */
    void unanswered(Device device, IOException failure) {
        attempts.unanswered(ofDevice(device), failure);
    }

    /** Whether other devices refused the device's user, and none let it in. */
    boolean isRefusedElsewhere(Device device) {
        return trial(device).isFailed();
    }

    void letIn(Device device) {
        trial(device).letIn();
    }

    void refused(Device device, int status) {
        refusals.remember(ofDevice(device), "login-refused", status);
        trial(device).refused();
        if (trial(device).isFailed()) {
            refusals.remember(ofUser(device), "login-refused", status);
        }
    }

    private synchronized CredentialProbation trial(Device device) {
        return trials.computeIfAbsent(
                device.user(),
                user -> new CredentialProbation(refusals.of(ofUser(device)).isPresent()));
    }

    private RejectedCredentials.Credential ofDevice(Device device) {
        return credential("/device/" + device.name(), device.user());
    }

    private RejectedCredentials.Credential ofUser(Device device) {
        return credential("/device-user/" + device.user().name(), device.user());
    }

    private RejectedCredentials.Credential credential(String name, User user) {
        return new RejectedCredentials.Credential(site.name() + name, user.name(), List.of(user.password()));
    }
}
