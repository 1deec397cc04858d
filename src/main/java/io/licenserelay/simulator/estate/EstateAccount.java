package io.licenserelay.simulator.estate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A Smart Account of an {@link Estate}. Safe for use by many threads. */
public final class EstateAccount {
    private final Estate estate;
    private final String name;
    private final long id;
    private final Map<String, EstateVa> vas = new LinkedHashMap<>();
    private final List<AlertItem> alerts = new CopyOnWriteArrayList<>();

    EstateAccount(Estate estate, String name, long id) {
        this.estate = estate;
        this.name = name;
        this.id = id;
    }

    public String name() {
        return name;
    }

    /** The value of {@code account_id} and {@code X-CSW-SMART-ACCOUNT-ID}. */
    public long id() {
        return id;
    }

    /** Returns the virtual account of this name. Adds it if it does not exist. The first one is the default. */
    public synchronized EstateVa va(String vaName) {
        return vas.computeIfAbsent(
                vaName, n -> new EstateVa(this, n, estate.nextId(), vas.isEmpty(), LicenseGenerator.NOTHING));
    }

    synchronized void generate(String vaName, LicenseGenerator generator) {
        vas.put(vaName, new EstateVa(this, vaName, estate.nextId(), vas.isEmpty(), generator));
    }

    public synchronized @Nullable EstateVa find(String vaName) {
        return vas.get(vaName);
    }

    /** Returns a copy, in the order in which the virtual accounts were added. */
    public synchronized List<EstateVa> vas() {
        return new ArrayList<>(vas.values());
    }

    public synchronized EstateAccount remove(String vaName) {
        vas.remove(vaName);
        return this;
    }

    /**
     * Raises an alert.
     *
     * @param severity {@code minor} or {@code major}
     */
    public EstateAccount alert(String messageType, String severity, String source, String message) {
        alerts.add(new AlertItem(messageType, severity, source, message));
        return this;
    }

    public EstateAccount clearAlerts() {
        alerts.clear();
        return this;
    }

    public List<AlertItem> alerts() {
        return List.copyOf(alerts);
    }

    /** Returns another account of the same estate. Adds it if it does not exist. */
    public EstateAccount account(String other) {
        return estate.account(other);
    }

    public Estate estate() {
        return estate;
    }
}
