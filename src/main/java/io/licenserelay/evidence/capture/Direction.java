package io.licenserelay.evidence.capture;

import org.jspecify.annotations.Nullable;

/** The data that one side of a connection sent. */
final class Direction {
    final TlsRecords tls = new TlsRecords();
    long bytes;
    int sentAgain;
    int incorrect;
    boolean fin;
    private @Nullable Long next;

    void add(Segment segment) {
        if (segment.checksum() == Segment.Checksum.INCORRECT) {
            incorrect++;
        }
        Long first = segment.sequence();
        if (segment.length() == 0 || segment.flags().syn() || first == null) {
            return;
        }
        // Sequence numbers wrap at 32 bits, so only their difference is meaningful.
        int behind = next == null ? 0 : (int) (next - first);
        if (behind > 0) {
            sentAgain += segment.length() == 1 ? 0 : 1;
            return;
        }
        if (behind < 0) {
            tls.markIncomplete();
        }
        bytes += segment.length();
        tls.add(segment.data(), segment.length());
        next = first + segment.length() & 0xffff_ffffL;
    }
}
