package io.licenserelay.evidence.capture;

import io.licenserelay.evidence.capture.Conversation.Side;
import io.licenserelay.evidence.capture.Conversation.Tls;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection while its segments are read in capture order. */
final class CapturedConnection {
    private final Endpoint client;
    private final Endpoint server;
    private final Direction out = new Direction();
    private final Direction in = new Direction();
    private final boolean withData;
    private int syns;
    private boolean answered;
    private boolean serverSent;
    private @Nullable Long synSequence;
    private @Nullable Long synAt;
    private @Nullable Double handshake;
    private @Nullable Side reset;
    private @Nullable Side closedFirst;
    private @Nullable Long last;
    private @Nullable Long idle;
    private @Nullable Long unansweredSince;

    /**
     * @param first the first segment of the connection
     * @param withData whether the capture contains the bytes of segments
     */
    CapturedConnection(Segment first, boolean withData) {
        boolean byClient = first.flags().syn()
                ? first.flags().opens()
                : first.from().port() > first.to().port();
        this.client = byClient ? first.from() : first.to();
        this.server = byClient ? first.to() : first.from();
        this.withData = withData;
    }

    /**
     * Whether the segment begins another connection between the same endpoints: the earlier SYN was answered, or this is a different SYN.
     */
    boolean isEndedBy(Segment segment) {
        boolean another = !segment.flags().opens()
                || synSequence == null
                || segment.sequence() == null
                || !segment.sequence().equals(synSequence);
        return segment.flags().opens()
                && another
                && (serverSent || out.bytes > 0 || reset != null || synSequence != null);
    }

    void add(Segment segment) {
        boolean byClient = segment.from().equals(client);
        recordTime(segment.micros());
        recordHandshake(segment, byClient);
        Direction direction = byClient ? out : in;
        long before = direction.bytes;
        direction.add(segment);
        if (direction.bytes > before) {
            unansweredSince = byClient ? segment.micros() : null;
        }
        recordEnd(segment, byClient ? Side.CLIENT : Side.SERVER);
        serverSent |= !byClient;
    }

    private void recordTime(@Nullable Long micros) {
        if (micros == null) {
            return;
        }
        if (last != null) {
            idle = Math.max(idle == null ? 0 : idle, micros - last);
        }
        last = micros;
    }

    private void recordHandshake(Segment segment, boolean byClient) {
        if (!segment.flags().syn()) {
            return;
        }
        if (byClient) {
            syns++;
            synSequence = synSequence == null ? segment.sequence() : synSequence;
            synAt = synAt == null ? segment.micros() : synAt;
        } else if (!answered) {
            answered = true;
            handshake = synAt == null || segment.micros() == null ? null : (segment.micros() - synAt) / 1000.0;
        }
    }

    private void recordEnd(Segment segment, Side side) {
        if (segment.flags().rst() && reset == null) {
            reset = side;
        }
        if (segment.flags().fin() && closedFirst == null && reset == null) {
            closedFirst = side;
        }
    }

    Conversation conversation() {
        return new Conversation(
                client,
                server,
                syns > 0,
                syns,
                answered,
                handshake,
                syns > 0 && !answered && reset == Side.SERVER,
                out.bytes,
                in.bytes,
                out.sentAgain + in.sentAgain,
                reset,
                closedFirst,
                idle == null ? null : idle / 1000.0,
                unansweredSince == null || last == null ? null : (last - unansweredSince) / 1000.0,
                out.incorrect,
                in.incorrect,
                withData ? tls() : null);
    }

    private Tls tls() {
        Integer version = in.tls.version == null ? out.tls.version : in.tls.version;
        // In TLS 1.3 the client's first record of this type ends its handshake.
        int needed = version != null && version >= 0x0304 ? 2 : 1;
        return new Tls(
                version == null ? null : name(version),
                out.tls.serverName,
                List.copyOf(out.tls.alerts),
                List.copyOf(in.tls.alerts),
                out.tls.hello && in.tls.hello && out.tls.dataRecords >= needed,
                out.tls.hello && in.tls.notTls);
    }

    private static String name(int version) {
        return version >= 0x0301 && version <= 0x0304
                ? "TLSv1." + (version - 0x0301)
                : String.format(Locale.ROOT, "0x%04x", version & 0xffff);
    }
}
