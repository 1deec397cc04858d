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

/** Sorts segments into connections, within bounds. */
final class CapturedConnections {
    private static final int MOST_PACKETS = 1_000_000;
    private static final int MOST_CONNECTIONS = 1_000;

    private final Deadline deadline;
    private final boolean withData;
    private final Map<Set<Endpoint>, CapturedConnection> live = new HashMap<>();
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

    /** @return whether more may come */
    boolean add(Segment segment) {
        packets++;
        if (segment.micros() != null) {
            first = first == null ? segment.micros() : first;
            last = segment.micros();
        }
        CapturedConnection connection = of(segment);
        if (connection != null) {
            connection.add(segment);
        }
        return more();
    }

    /** Something that is no TCP. */
    boolean other() {
        others++;
        return more();
    }

    void note(String note) {
        notes.add(note);
    }

    private boolean more() {
        if (packets + others >= MOST_PACKETS) {
            notes.add("only the first " + MOST_PACKETS + " packets were read");
            return false;
        }
        if ((packets + others) % 1024 == 0 && deadline.passed()) {
            notes.add("only the first " + (packets + others) + " packets were read: no time was left");
            return false;
        }
        return true;
    }

    private @Nullable CapturedConnection of(Segment segment) {
        Set<Endpoint> ends =
                segment.from().equals(segment.to()) ? Set.of(segment.from()) : Set.of(segment.from(), segment.to());
        CapturedConnection known = live.get(ends);
        if (known != null && !known.isOverBy(segment)) {
            return known;
        }
        if (all.size() >= MOST_CONNECTIONS) {
            notes.add("only the first " + MOST_CONNECTIONS + " connections were looked at");
            return known;
        }
        CapturedConnection fresh = new CapturedConnection(segment, withData);
        live.put(ends, fresh);
        all.add(fresh);
        return fresh;
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
