package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.Places.Ids;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Groups the waiting reports into submissions: one device per submission. A submission without an answer is sent again
 * unchanged, with its old nonce. Reports that cannot be sent are held with the reason. Used within one transaction.
 */
public final class ReportBatches {
    /** The maximum number of reports in one push, oldest first. The rest waits for the next push. */
    private static final int MAX_REPORTS = 10_000;

    private static final Ids NO_IDS = new Ids("", "");

    private final Ledger ledger;
    private final Places places = new Places();

    public ReportBatches(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Why reports are held. */
    private record Reason(HoldReason hold, String why) {}

    private record Waiting(ReportEntry report, long characters) {}

    /** @param needsIds whether the submissions need SSM's numeric ids of the place */
    public List<Submission> make(Handle tx, Site site, boolean needsIds) {
        Map<String, Batch> open = new LinkedHashMap<>();
        List<Batch> all = new ArrayList<>();
        Map<Reason, List<String>> held = new LinkedHashMap<>();
        Map<Place, Optional<Ids>> idsByPlace = new HashMap<>();
        ReportOwnership owners = new ReportOwnership(places);
        for (Waiting waiting : waiting(tx, site)) {
            ReportEntry report = waiting.report();
            if (report.place().va() == null) {
                ReportOwnership.Owner owner = owners.of(tx, site.name(), report.udi());
                if (owner.place() == null) {
                    addHeld(held, report, HoldReason.NO_PLACE, owner.why());
                    continue;
                }
                report = ledger.setOwner(tx, report, owner.place());
            }
            Ids ids = needsIds
                    ? idsByPlace
                            .computeIfAbsent(report.place(), place -> places.ids(tx, place))
                            .orElse(null)
                    : NO_IDS;
            if (ids == null) {
                addHeld(held, report, HoldReason.NO_IDS, missingIdsReason(report.place()));
                continue;
            }
            String key = key(report);
            Batch batch = open.get(key);
            if (batch == null
                    || (report.submissionId() == null
                            && batch.isFullWith(waiting, site.reports().batch()))) {
                batch = new Batch(report, ids);
                open.put(key, batch);
                all.add(batch);
            }
            batch.add(waiting);
        }
        held.forEach((reason, digests) -> ledger.hold(tx, digests, reason.hold(), reason.why()));
        return all.stream().map(batch -> batch.submission(tx)).toList();
    }

    private static List<Waiting> waiting(Handle tx, Site site) {
        return tx.createQuery(
                        "SELECT r.*, LENGTH(c.payload) AS characters FROM report r JOIN report_content c"
                                + " ON c.digest = r.digest WHERE r.site = :site"
                                + " AND r.state IN ('received', 'held') ORDER BY r.received_at, r.starts_at NULLS FIRST, r.digest LIMIT :most")
                .bind("site", site.name())
                .bind("most", MAX_REPORTS)
                .map((row, context) -> new Waiting(ReportEntry.of(row), row.getLong("characters")))
                .list();
    }

    private static void addHeld(Map<Reason, List<String>> held, ReportEntry report, HoldReason hold, String why) {
        held.computeIfAbsent(new Reason(hold, why), none -> new ArrayList<>()).add(report.digest());
    }

    private static String missingIdsReason(Place place) {
        return "SSM lists no virtual account " + place + " with its numeric ids, which a submission needs";
    }

    private static String key(ReportEntry report) {
        if (report.submissionId() != null) {
            return report.submissionId();
        }
        return report.alone() ? report.digest() : report.place().path() + "\n" + report.udi();
    }

    /** The reports of one submission so far. */
    private static final class Batch {
        private final ReportEntry first;
        private final Ids ids;
        private final List<String> digests = new ArrayList<>();
        private boolean known;
        private long characters;

        Batch(ReportEntry first, Ids ids) {
            this.first = first;
            this.ids = ids;
        }

        boolean isFullWith(Waiting next, Site.Reports.Batch limit) {
            return digests.size() >= limit.reports() || characters + next.characters() > limit.size();
        }

        void add(Waiting next) {
            digests.add(next.report().digest());
            characters += next.characters();
            known |= next.report().maybeSent();
        }

        Submission submission(Handle tx) {
            String id = first.submissionId();
            String nonce = id == null ? null : nonce(tx, id);
            Place place = first.place();
            return new Submission(
                    id == null ? UUID.randomUUID().toString() : id,
                    place,
                    first.udi(),
                    ids,
                    nonce == null ? UUID.randomUUID().toString().replace("-", "") : nonce,
                    List.copyOf(digests),
                    known,
                    List.of(),
                    null);
        }

        private static @Nullable String nonce(Handle tx, String id) {
            return tx.createQuery("SELECT nonce FROM submission WHERE id = :id")
                    .bind("id", id)
                    .mapTo(String.class)
                    .findOne()
                    .orElse(null);
        }
    }
}
