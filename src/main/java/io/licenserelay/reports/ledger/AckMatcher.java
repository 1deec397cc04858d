package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Place;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Udi;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Finds the reports that acknowledgements belong to. An acknowledgement that names a report's digest belongs to that
 * report, independently of the submission. The others name only the device: they are assigned to the submission's
 * reports in the order sent. If there are fewer of them than reports, the last one covers the remaining reports,
 * because each acknowledgement covers the whole device. Used within one transaction.
 */
public final class AckMatcher {
    private static final String BY_DIGEST = "report";
    private static final String BY_SUBMISSION = "submission";

    private final Ledger ledger;

    public AckMatcher(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * The result of a match.
     *
     * @param waiting the reports of the submission that still have no acknowledgement
     * @param unmatched acknowledgements that match no report
     */
    public record Matched(List<String> waiting, List<Ack> unmatched) {}

    /**
     * Matches the acknowledgements of one answer or file.
     *
     * @param sent reports of the device, in the order sent
     */
    public Matched match(Handle tx, Place site, Udi udi, List<String> sent, List<Ack> acks) {
        Map<String, ReportEntry> namedReports = namedReports(tx, acks);
        Map<String, Ack> byDigest = new LinkedHashMap<>();
        Map<String, Ack> bySubmission = new LinkedHashMap<>();
        Set<String> waiting = new LinkedHashSet<>(sent);
        List<Ack> ofDevice = new ArrayList<>();
        List<Ack> unmatched = new ArrayList<>();
        for (Ack ack : acks) {
            List<ReportEntry> reports = ack.digests().stream()
                    .map(namedReports::get)
                    .filter(report -> report != null
                            && report.udi().equals(ack.udi())
                            && report.place().site().equals(site.site()))
                    .toList();
            if (!reports.isEmpty()) {
                reports.stream()
                        .filter(report -> report.state() != ReportState.ACKNOWLEDGED || report.ackDigest() == null)
                        .forEach(report -> byDigest.putIfAbsent(report.digest(), ack));
                reports.forEach(report -> waiting.remove(report.digest()));
            } else {
                (ack.udi().equals(udi) ? ofDevice : unmatched).add(ack);
            }
        }
        unmatched.addAll(assignInOrder(waiting, ofDevice, bySubmission));
        bySubmission.keySet().removeAll(byDigest.keySet());
        ledger.acknowledged(tx, byDigest, BY_DIGEST);
        ledger.acknowledged(tx, bySubmission, BY_SUBMISSION);
        return new Matched(List.copyOf(waiting), unmatched);
    }

    /** Assigns acknowledgements in order, and returns those that are left over. */
    private static List<Ack> assignInOrder(Set<String> waiting, List<Ack> ofDevice, Map<String, Ack> bySubmission) {
        int assigned = 0;
        Iterator<String> digests = waiting.iterator();
        while (digests.hasNext() && !ofDevice.isEmpty()) {
            bySubmission.put(digests.next(), ofDevice.get(Math.min(assigned++, ofDevice.size() - 1)));
            digests.remove();
        }
        return ofDevice.subList(Math.min(assigned, ofDevice.size()), ofDevice.size());
    }

    /**
     * The reports that the acknowledgements name, by digest. A rejection is final, so an acknowledgement of a rejected
     * report matches nothing.
     */
    private Map<String, ReportEntry> namedReports(Handle tx, List<Ack> acks) {
        List<String> digests =
                acks.stream().flatMap(ack -> ack.digests().stream()).distinct().toList();
        return ledger.find(tx, digests).stream()
                .filter(report -> report.state() != ReportState.REJECTED)
                .collect(Collectors.toMap(ReportEntry::digest, Function.identity()));
    }
}
