package io.licenserelay.cli;

import io.licenserelay.config.site.Place;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.estate.LicenseItem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** An account whose licenses are added, changed, removed and restored. The same seed gives the same changes. */
final class ChangingEstate {
    static final String FORBIDDEN = "Forbidden";
    static final String OVERUSED = "Overused";

    private static final List<String> BUSY = List.of("Default", "Branch Offices", "Büro / West");
    private static final int LICENSES = 300;

    private final Estate estate = Estate.of();
    private final EstateAccount account = estate.account("ACME");
    private final Random random;
    private final Map<String, List<String>> toRestore = new HashMap<>();
    private int created;

    ChangingEstate(long seed) {
        this.random = new Random(seed);
        for (String name : BUSY) {
            add(account.va(name), LICENSES);
        }
        account.va("Default").license(OVERUSED, 10, 15, LicenseItem.OUT_OF_COMPLIANCE);
        account.va(FORBIDDEN).license("Forbidden license", 1, 0, LicenseItem.IN_COMPLIANCE);
    }

    Estate estate() {
        return estate;
    }

    /** In each busy virtual account, changes about half of the licenses, removes twenty, adds fifteen, and restores five. */
    void change() {
        for (String name : BUSY) {
            EstateVa va = account.va(name);
            List<String> names = va.licenses()
                    .map(LicenseItem::name)
                    .filter(each -> !each.equals(OVERUSED))
                    .toList();
            int from = random.nextInt(names.size() - 20);
            List<String> gone = names.subList(from, from + 20);
            gone.forEach(va::remove);
            names.stream()
                    .filter(each -> !gone.contains(each) && random.nextBoolean())
                    .forEach(each -> va.change(each, item -> item.quantity(item.quantity() + 1)));
            add(va, 15);
            toRestore
                    .getOrDefault(name, List.of())
                    .forEach(each -> va.license(each, 1000L + created++, 0, LicenseItem.IN_COMPLIANCE));
            toRestore.put(name, List.copyOf(gone.subList(0, 5)));
        }
    }

    void makeOverusedCompliant() {
        account.va("Default").change(OVERUSED, item -> item.inUse(1).status(LicenseItem.IN_COMPLIANCE));
    }

    /** The quantity, the use and the status of every license, by record key. */
    Map<String, String> inventory(String site) {
        Map<String, String> all = new TreeMap<>();
        for (EstateVa va : account.vas()) {
            String path = Place.site(site).account(account.name()).va(va.name()).path();
            va.licenses()
                    .forEach(item -> all.put(
                            path + "/" + Place.encode(item.name()) + "/" + item.billingType(),
                            item.quantity() + " " + item.inUse() + " " + item.status()));
        }
        return all;
    }

    private void add(EstateVa va, int count) {
        for (int i = 0; i < count; i++) {
            va.license("License / " + created++, 1L + random.nextInt(500), 0, LicenseItem.IN_COMPLIANCE);
        }
    }
}
