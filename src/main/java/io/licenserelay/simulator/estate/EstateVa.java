package io.licenserelay.simulator.estate;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A virtual account of an {@link EstateAccount}. Safe for use by many threads. */
public final class EstateVa {
    private final EstateAccount account;
    private final String name;
    private final long id;
    private final boolean isDefault;
    private final Rows<LicenseItem> licenses;
    private final Rows<SubscriptionItem> subscriptions;
    private final Rows<DeviceItem> devices;

    /** @param generator generates the initial rows */
    EstateVa(EstateAccount account, String name, long id, boolean isDefault, LicenseGenerator generator) {
        this.account = account;
        this.name = name;
        this.id = id;
        this.isDefault = isDefault;
        this.licenses = new Rows<>(generator.licenses(), generator::license, LicenseItem::name);
        this.subscriptions = new Rows<>(generator.subscriptions(), generator::subscription, SubscriptionItem::id);
        this.devices = new Rows<>(generator.devices(), generator::device, DeviceItem::serial);
    }

    public String name() {
        return name;
    }

    /** The value of {@code virtual_account_id} and {@code X-CSW-VIRTUAL-ACCOUNT-ID}. */
    public long id() {
        return id;
    }

    public boolean isDefault() {
        return isDefault;
    }

    /** Adds a license. Several licenses can have the same name. */
    public EstateVa license(String license, long quantity, long inUse, String status) {
        return license(LicenseItem.of(license, quantity, inUse, status));
    }

    public EstateVa license(LicenseItem license) {
        licenses.add(license);
        return this;
    }

    /**
     * Changes all licenses of this name. Later answers contain the change.
     *
     * @throws IllegalArgumentException if no license has this name
     */
    public EstateVa change(String license, UnaryOperator<LicenseItem> change) {
        licenses.change(license, change);
        return this;
    }

    /**
     * Removes all licenses of this name.
     *
     * @throws IllegalArgumentException if no license has this name
     */
    public EstateVa remove(String license) {
        licenses.remove(license);
        return this;
    }

    public EstateVa outOfCompliance(String license) {
        return change(license, LicenseItem::outOfCompliance);
    }

    public EstateVa subscription(String subscriptionId, String license, long quantity, LocalDate start, LocalDate end) {
        subscriptions.add(new SubscriptionItem(subscriptionId, license, quantity, "PREPAID", start, end, "Active"));
        return this;
    }

    public EstateVa removeSubscription(String subscriptionId) {
        subscriptions.remove(subscriptionId);
        return this;
    }

    public EstateVa device(String pid, String serial) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return device(new DeviceItem(pid, serial, "host-" + serial, "", now, now, LicenseItem.IN_COMPLIANCE));
    }

    public EstateVa device(DeviceItem device) {
        devices.add(device);
        return this;
    }

    /** Returns another virtual account of the same account. Adds it if it does not exist. */
    public EstateVa va(String other) {
        return account.va(other);
    }

    /** Returns another account of the same estate. Adds it if it does not exist. */
    public EstateAccount account(String other) {
        return account.account(other);
    }

    public EstateAccount account() {
        return account;
    }

    public Estate estate() {
        return account.estate();
    }

    public Stream<LicenseItem> licenses() {
        return licenses.from(0);
    }

    long licenseCount() {
        return licenses.count();
    }

    public Rows<LicenseItem> licenseRows() {
        return licenses;
    }

    public Rows<SubscriptionItem> subscriptionRows() {
        return subscriptions;
    }

    public Rows<DeviceItem> deviceRows() {
        return devices;
    }
}
