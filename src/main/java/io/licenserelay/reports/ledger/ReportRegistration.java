package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.inventory.Places;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.RumReport;
import io.licenserelay.reports.format.ReportSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Registers reports in the ledger, determines their owners, and holds reports that may not be sent. Used within one
 * transaction.
 */
public final class ReportRegistration {
    private static final Reason PUSH_OFF = new Reason(HoldReason.PUSH_OFF, "reports.push of this site is off");

    private final Ledger ledger;
    private final Places places = new Places();

    public ReportRegistration(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A report and the file that contained it. */
    public record Arriving(RumReport report, ReportSource file) {}

    /** Why reports are held. */
    private record Reason(HoldReason hold, String why) {}

    /** @return the digests of new reports */
    public Set<String> register(Handle tx, List<Arriving> arriving) {
        Map<String, ReportEntry> known = new HashMap<>();
        ledger.find(tx, arriving.stream().map(each -> each.report().digest()).toList())
                .forEach(report -> known.put(report.digest(), report));
        Map<String, Arriving> fresh = new LinkedHashMap<>();
        for (Arriving each : arriving) {
            ReportEntry before = known.get(each.report().digest());
            if (before != null) {
                placeIfUnknown(tx, before, each.file());
            } else {
                // Of two copies of a report, the copy in a folder that names the owner takes precedence.
                fresh.merge(
                        each.report().digest(),
                        each,
                        (first, second) ->
                                first.file().va() == null && second.file().va() != null ? second : first);
            }
        }
        receive(tx, fresh.values());
        return new HashSet<>(fresh.keySet());
    }

    private void receive(Handle tx, Collection<Arriving> fresh) {
        List<Ledger.Arrival> arrivals = new ArrayList<>();
        Map<Reason, List<String>> held = new LinkedHashMap<>();
        ReportOwnership owners = new ReportOwnership(places);
        for (Arriving each : fresh) {
            RumReport report = each.report();
            Site site = each.file().site();
            ReportOwnership.Owner owner = owners.of(tx, site.name(), report.udi());
            Place place = each.file().va() != null ? each.file().va() : owner.place();
            arrivals.add(new Ledger.Arrival(
                    place == null ? site.place() : place, report, each.file().name()));
            if (site.reports().push() == Push.OFF) {
                held.computeIfAbsent(PUSH_OFF, none -> new ArrayList<>()).add(report.digest());
            } else if (place == null) {
                held.computeIfAbsent(new Reason(HoldReason.NO_PLACE, owner.why()), none -> new ArrayList<>())
                        .add(report.digest());
            }
        }
        ledger.receive(tx, arrivals);
        held.forEach((reason, digests) -> ledger.hold(tx, digests, reason.hold(), reason.why()));
    }

    /** Sets the owner of a known report if a copy is in a folder that names the owner. */
    private void placeIfUnknown(Handle tx, ReportEntry known, ReportSource file) {
        Place va = file.va();
        if (va != null && known.place().equals(file.site().place())) {
            ledger.setOwner(tx, known, va);
        }
    }

    /** @return the number of reports that are now held */
    public int holdAll(Handle tx, Site site) {
        List<String> digests = tx.createQuery("SELECT digest FROM report WHERE site = :site AND state = 'received'")
                .bind("site", site.name())
                .mapTo(String.class)
                .list();
        ledger.hold(tx, digests, PUSH_OFF.hold(), PUSH_OFF.why());
        return digests.size();
    }
}
