package io.licenserelay.usage;

import io.licenserelay.site.Place;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Finds the reports that acknowledgements are for. One that names a report's digest is for that report, whichever submission
 * it went with. The others name the device alone: they are for the submission's reports in the order sent, and fewer stand
 * for all, since each is for the whole device. Used within one transaction.
 */
final class Matching {
    private static final String BY_DIGEST = "report";
    private static final String BY_SUBMISSION = "submission";

    private final Ledger ledger;

    Matching(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What came of it.
     *
     * @param waiting reports of the submission that have no acknowledgement still
     * @param unmatched acknowledgements for no report
     */
    record Matched(List<String> waiting, List<Ack> unmatched) {}

    Matched match(Handle tx, Submission submission, List<Ack> acks) {
        return match(tx, Place.site(submission.place().site()), submission.udi(), submission.digests(), acks);
    }

    /** @param sent reports of the device, in the order sent */
    Matched match(Handle tx, Place site, Udi udi, List<String> sent, List<Ack> acks) {
        Set<String> waiting = new LinkedHashSet<>(sent);
        List<Ack> ofDevice = new ArrayList<>();
        List<Ack> unmatched = new ArrayList<>();
        for (Ack ack : acks) {
            List<Report> named = named(tx, site, ack);
            if (!named.isEmpty()) {
                named.stream()
                        .filter(report -> report.state() != State.ACKNOWLEDGED || report.ackDigest() == null)
                        .forEach(report -> ledger.acknowledged(tx, report.digest(), ack, BY_DIGEST));
                named.forEach(report -> waiting.remove(report.digest()));
            } else {
                (ack.udi().equals(udi) ? ofDevice : unmatched).add(ack);
            }
        }
        unmatched.addAll(inOrder(tx, waiting, ofDevice));
        return new Matched(List.copyOf(waiting), unmatched);
    }

    /** Those that are left over. */
    private List<Ack> inOrder(Handle tx, Set<String> waiting, List<Ack> ofDevice) {
        int number = 0;
        Iterator<String> digests = waiting.iterator();
        while (digests.hasNext() && !ofDevice.isEmpty()) {
            Ack ack = ofDevice.get(Math.min(number++, ofDevice.size() - 1));
            ledger.acknowledged(tx, digests.next(), ack, BY_SUBMISSION);
            digests.remove();
        }
        return ofDevice.subList(Math.min(number, ofDevice.size()), ofDevice.size());
    }

    /** That a report was rejected is final: an acknowledgement of it is nobody's. */
    private List<Report> named(Handle tx, Place site, Ack ack) {
        return ack.digests().stream()
                .flatMap(digest -> ledger.find(tx, digest).stream())
                .filter(report -> report.place().site().equals(site.site()))
                .filter(report -> report.udi().equals(ack.udi()) && report.state() != State.REJECTED)
                .toList();
    }
}
