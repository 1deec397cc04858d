package io.licenserelay.evidence.capture;

import io.licenserelay.evidence.Deadline;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a capture tells. Checksums are judged only as tcpdump's text told them.
 *
 * @param form {@code pcap} or {@code tcpdump-text}
 * @param clock what its stamps mean
 * @param first the stamp of its first packet, null when it has none: microseconds since 1970, or of the day
 * @param packets of TCP that were read
 * @param others packets and lines that are nothing of TCP, or cannot be read
 * @param notes what an honest reader must know
 */
public record Capture(
        String form,
        Clock clock,
        @Nullable Long first,
        @Nullable Long last,
        long packets,
        long others,
        List<Conversation> conversations,
        List<String> notes) {
    static final String PCAP = "pcap";
    static final String TEXT = "tcpdump-text";

    private static final Set<String> PCAP_MAGIC = Set.of("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1");

    /** What stamps mean. */
    public enum Clock {
        /** An instant. */
        INSTANT,
        /** A local date and time, of a zone that is not told. */
        LOCAL,
        /** A time of the day, of a date and zone that are not told. */
        OF_DAY,
        /** There are none. */
        NONE
    }

    /**
     * Reads a file, at most 256 MiB, a million packets, a thousand connections, and until the deadline; what it did not get to
     * is a note.
     *
     * @throws BadCapture when it is no capture that can be read
     */
    public static Capture read(Path file, Deadline deadline) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadCapture(Files.exists(file) ? "it is not a regular file" : "there is no such file");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(4);
            String magic = HexFormat.of().formatHex(in.readNBytes(4));
            in.reset();
            return read(in, magic, deadline);
        }
    }

    private static Capture read(InputStream in, String magic, Deadline deadline) throws IOException {
        if (magic.isEmpty()) {
            throw new BadCapture("it is empty");
        }
        if (PCAP_MAGIC.contains(magic)) {
            return new PcapFile(deadline).read(in);
        }
        if (magic.equals("0a0d0d0a")) {
            throw new BadCapture("it is a pcapng file; convert it: tcpdump -r IN -w OUT, or editcap -F pcap IN OUT");
        }
        if (magic.startsWith("1f8b")) {
            throw new BadCapture("it is compressed; unpack it first: gunzip");
        }
        return new TcpdumpText(deadline).read(in);
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }
}
