package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.Places;
import io.licenserelay.reports.Udi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Determines the virtual account of a device: a report names only the device, and the server requires the account. Used
 * within one transaction; each device is looked up once.
 */
final class ReportOwnership {
    private static final String ADVICE = "; put the file into inbox/{account}/{virtual account}/, or sync first";

    private final Places places;
    private final Map<String, Owner> ownersByDevice = new HashMap<>();

    ReportOwnership(Places places) {
        this.places = places;
    }

    /**
     * Either the place, or the reason why it is unknown.
     *
     * @param why empty if the place is known
     */
    record Owner(@Nullable Place place, String why) {}

    Owner of(Handle tx, String site, Udi udi) {
        return ownersByDevice.computeIfAbsent(site + "\n" + udi, key -> findOwner(tx, site, udi));
    }

    private Owner findOwner(Handle tx, String site, Udi udi) {
        List<Place> listed = places.ofDevice(tx, site, udi.pid(), udi.serial());
        if (listed.size() == 1) {
            return new Owner(listed.get(0), "");
        }
        if (listed.isEmpty()) {
            return new Owner(null, "SSM lists no device " + udi + " in any virtual account" + ADVICE);
        }
        String names = listed.stream().limit(5).map(Place::toString).collect(Collectors.joining(", "));
        return new Owner(null, "SSM lists device " + udi + " in " + listed.size() + " places: " + names + ADVICE);
    }
}
