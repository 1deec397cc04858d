package io.licenserelay.evidence.capture;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.capture.Capture.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Assigns segments to connections, within limits. */
final class CapturedConnections {
    private static final int MAX_PACKETS = 1_000_000;
    private static final int MAX_CONNECTIONS = 1_000;

    private final Deadline deadline;
    private final boolean withData;
    private final Map<Set<Endpoint>, CapturedConnection> open = new HashMap<>();
    private final List<CapturedConnection> all = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private long packets;
    private long others;
    private @Nullable Long first;
    private @Nullable Long last;

    CapturedConnections(boolean withData, Deadline deadline) {
        this.withData = withData;
        this.deadline = deadline;
    }

    /** @return whether further segments are accepted */
    boolean add(Segment segment) {
        packets++;
        if (segment.micros() != null) {
            first = first == null ? segment.micros() : first;
            last = segment.micros();
        }
        CapturedConnection connection = connectionOf(segment);
        if (connection != null) {
            connection.add(segment);
        }
        return acceptsMore();
    }

    /** Counts a packet that is not TCP. */
    boolean countOther() {
        others++;
        return acceptsMore();
    }

    void note(String note) {
        notes.add(note);
    }

    private boolean acceptsMore() {
        if (packets + others >= MAX_PACKETS) {
            notes.add("only the first " + MAX_PACKETS + " packets were read");
            return false;
        }
        if ((packets + others) % 1024 == 0 && deadline.passed()) {
            notes.add("only the first " + (packets + others) + " packets were read: the time limit was reached");
            return false;
        }
        return true;
    }

    private @Nullable CapturedConnection connectionOf(Segment segment) {
        Set<Endpoint> ends =
                segment.from().equals(segment.to()) ? Set.of(segment.from()) : Set.of(segment.from(), segment.to());
        CapturedConnection known = open.get(ends);
        if (known != null && !known.isEndedBy(segment)) {
            return known;
        }
        if (all.size() >= MAX_CONNECTIONS) {
            notes.add("only the first " + MAX_CONNECTIONS + " connections were read");
            return known;
        }
        CapturedConnection added = new CapturedConnection(segment, withData);
        open.put(ends, added);
        all.add(added);
        return added;
    }

    Capture capture(String form, Clock clock) {
        return new Capture(
                form,
                first == null ? Clock.NONE : clock,
                first,
                last,
                packets,
                others,
                all.stream().map(CapturedConnection::conversation).toList(),
                List.copyOf(notes));
    }
}
