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
 * A round over devices of a site, in waves. Devices mostly share one user, whose account is often in a central server
 * (TACACS+, RADIUS) and is locked there after failed logins. Until a device has accepted the user, a wave has at most
 * two devices with this user. After two refusals without an acceptance the password is not sent to any other device.
 * Thread-safe: the requests of a wave run in parallel.
 */
public final class DeviceWave {
    private final Site site;
    private final List<Device> waiting;
    private final RejectedCredentials refusals;
    private final PasswordAttemptLog attempts;
    private final Map<User, CredentialProbation> probations = new HashMap<>();
    private final boolean resendsRefused;
    private final AtomicBoolean changed = new AtomicBoolean();

    DeviceWave(Site site, List<Device> devices, RejectedCredentials refusals, Clock clock) {
        this(site, devices, refusals, clock, false);
    }

    /** A round in which refused acknowledgements are sent again. */
    static DeviceWave resendingRefused(Site site, List<Device> devices, RejectedCredentials refusals, Clock clock) {
        return new DeviceWave(site, devices, refusals, clock, true);
    }

    private DeviceWave(
            Site site, List<Device> devices, RejectedCredentials refusals, Clock clock, boolean resendsRefused) {
        this.resendsRefused = resendsRefused;
        this.site = site;
        this.waiting = new ArrayList<>(devices);
        this.refusals = refusals;
        this.attempts = new PasswordAttemptLog(refusals, clock);
    }

    public synchronized boolean hasNext() {
        return !waiting.isEmpty();
    }

    /** The next wave. The caller completes it before it calls this again. */
    public synchronized List<Device> next() {
        Map<User, Integer> unproven = new HashMap<>();
        List<Device> wave = new ArrayList<>();
        for (Iterator<Device> each = waiting.iterator(); each.hasNext(); ) {
            Device device = each.next();
            if (!probation(device).isOpen()
                    || unproven.merge(device.user(), 1, Integer::sum) <= CredentialProbation.MAX_REFUSALS) {
                wave.add(device);
                each.remove();
            }
        }
        return wave;
    }

    Site site() {
        return site;
    }

    boolean resendsRefused() {
        return resendsRefused;
    }

    /** Records that a device has failed since the round began. */
    void markChanged() {
        changed.set(true);
    }

    boolean isChanged() {
        return changed.get();
    }

    /** Allows one attempt with refused passwords, because an operator requested the run. */
    synchronized void allowAttempts() {
        for (Device device : waiting) {
            refusals.forget(ofDevice(device));
            refusals.forget(ofUser(device));
        }
    }

    /** The last failed request to the device, if one is recorded. */
    Optional<RejectedCredentials.Refusal> lastFailure(Device device) {
        return refusals.of(ofDevice(device));
    }

    /** @throws SsmException when a device's answer to the password cannot be recorded */
    void checkKept() throws SsmException {
        attempts.checkKept();
    }

    /** Deletes the recorded failure after a successful answer. */
    void forget(Device device) {
        refusals.forget(ofDevice(device));
    }

    /** Records that the password was sent without an answer about it. */
    void unanswered(Device device, IOException failure) {
        attempts.unanswered(ofDevice(device), failure);
    }

    /** Whether other devices refused the device's user, and none accepted it. */
    boolean isRefusedElsewhere(Device device) {
        return probation(device).isFailed();
    }

    void loginAccepted(Device device) {
        probation(device).accept();
    }

    void loginRefused(Device device, int status) {
        refusals.remember(ofDevice(device), "login-refused", status);
        probation(device).refuse();
        if (probation(device).isFailed()) {
            refusals.remember(ofUser(device), "login-refused", status);
        }
    }

    private synchronized CredentialProbation probation(Device device) {
        return probations.computeIfAbsent(
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
        return new RejectedCredentials.Credential(
                site.name(), site.name() + name, user.name(), List.of(user.password()));
    }
}
