package io.licenserelay.device;

import io.licenserelay.site.Site;
import io.licenserelay.site.Site.Device;
import io.licenserelay.site.Site.User;
import io.licenserelay.ssm.Refusals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One round at some devices of a site, while it goes on. Thread-safe: devices are visited side by side. */
public final class Round {
    private final Site site;
    private final List<Device> devices;
    private final Refusals refusals;
    private final Map<User, UserGate> gates = new HashMap<>();
    private final AtomicBoolean news = new AtomicBoolean();

    Round(Site site, List<Device> devices, Refusals refusals) {
        this.site = site;
        this.devices = List.copyOf(devices);
        this.refusals = refusals;
    }

    /** Those to visit, in order. */
    public List<Device> devices() {
        return devices;
    }

    Site site() {
        return site;
    }

    /** Something is not well that was when the round began. */
    void bringsNews() {
        news.set(true);
    }

    boolean hasNews() {
        return news.get();
    }

    /** An operator asked: even what was refused may be tried once. */
    void allowAttempts() {
        for (Device device : devices) {
            refusals.forget(ofDevice(device));
            refusals.forget(ofUser(device));
        }
    }

    Optional<Refusals.Refusal> earlierRefusal(Device device) {
        return refusals.of(ofDevice(device));
    }

    synchronized UserGate gate(Device device) {
        return gates.computeIfAbsent(
                device.user(),
                user -> new UserGate(refusals.of(ofUser(device)).isPresent()));
    }

    void letIn(Device device) {
        gate(device).letIn();
    }

    void refused(Device device, int status) {
        refusals.remember(ofDevice(device), "login-refused", status);
        if (gate(device).refused()) {
            refusals.remember(ofUser(device), "login-refused", status);
        }
    }

    private Refusals.Credential ofDevice(Device device) {
        return credential("/device/" + device.name(), device.user());
    }

    private Refusals.Credential ofUser(Device device) {
        return credential("/device-user/" + device.user().name(), device.user());
    }

    private Refusals.Credential credential(String name, User user) {
        return new Refusals.Credential(site.name() + name, user.name(), List.of(user.password()));
    }
}
