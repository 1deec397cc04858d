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
 * The contents of a capture. Checksums are taken only from tcpdump's text; the relay does not verify them.
 *
 * @param form {@code pcap} or {@code tcpdump-text}
 * @param clock the meaning of the timestamps
 * @param first timestamp of the first packet, in microseconds since 1970 or since midnight; null if it has none
 * @param packets number of TCP packets that were read
 * @param others number of packets and lines that are not TCP or cannot be read
 * @param notes limits of the capture that a reader must know
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

    /** The meaning of timestamps. */
    public enum Clock {
        /** An instant. */
        INSTANT,
        /** A local date and time of an unknown zone. */
        LOCAL,
        /** A time of day of an unknown date and zone. */
        OF_DAY,
        /** There are no timestamps. */
        NONE
    }

    /**
     * Reads a file, up to 256 MiB, a million packets, a thousand connections, and until the deadline. A note contains the limit that was reached.
     *
     * @throws BadCapture when the file is not a readable capture
     */
    public static Capture read(Path file, Deadline deadline) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadCapture(Files.exists(file) ? "it is not a regular file" : "the file does not exist");
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
