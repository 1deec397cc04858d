package io.licenserelay.usage;

import io.licenserelay.inventory.Places;
import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import io.licenserelay.site.Site.Reports.Push;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Lets reports into the ledger: whose each is, and whether it may go out. Used within one transaction. */
final class Admission {
    private final Ledger ledger;
    private final Owners owners = new Owners(new Places());

    Admission(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @return whether it is new */
    boolean enter(Handle tx, InboxFile file, RumReport report) {
        Report known = ledger.find(tx, report.digest()).orElse(null);
        if (known != null) {
            placeIfUnknown(tx, known, file);
            return false;
        }
        Site site = file.site();
        Owners.Owner owner = owners.of(tx, site.name(), report.udi());
        Place place = file.va() != null ? file.va() : owner.place();
        ledger.receive(tx, place == null ? site.place() : place, report, file.name());
        if (site.reports().push() == Push.OFF) {
            holdForPushOff(tx, report.digest());
        } else if (place == null) {
            ledger.hold(tx, report.digest(), Hold.NO_PLACE, owner.why());
        }
        return true;
    }

    /** The same report once more, now in a folder that says whose it is. */
    private void placeIfUnknown(Handle tx, Report known, InboxFile file) {
        Place va = file.va();
        if (va != null && known.place().equals(file.site().place())) {
            ledger.place(tx, known, va);
        }
    }

    /** @return how many waited and are held */
    int holdAll(Handle tx, Site site) {
        List<String> digests = tx.createQuery("SELECT digest FROM report WHERE site = :site AND state = 'received'")
                .bind("site", site.name())
                .mapTo(String.class)
                .list();
        digests.forEach(digest -> holdForPushOff(tx, digest));
        return digests.size();
    }

    private void holdForPushOff(Handle tx, String digest) {
        ledger.hold(tx, digest, Hold.PUSH_OFF, "reports.push of this site is off");
    }
}
