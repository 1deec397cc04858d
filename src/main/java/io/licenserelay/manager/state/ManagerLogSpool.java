package io.licenserelay.manager.state;

import io.licenserelay.store.OwnerOnly;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Stores the fetched lines of the Manager's log. It appends only new lines; a full file is renamed to {@code .1} and replaces the previous
 * one. The stored lines show where the new lines begin, also after a restart. Not thread-safe: one thread at a time.
 */
final class ManagerLogSpool {
    private static final int TAIL_BYTES = 512 * 1024;

    /** This number of equal lines proves that they are the same lines. */
    private static final int MATCHING_LINES = 200;

    private static final Pattern REDACTION_MARK = Pattern.compile("\\*{3}\\w{1,40}\\*{3}");

    private final Path file;
    private final Path previous;
    private final long maxBytes;

    /** @param maxBytes limit of the file; together with {@code .1} twice that */
    ManagerLogSpool(Path file, long maxBytes) {
        this.file = file;
        this.previous = file.resolveSibling(file.getFileName() + ".1");
        this.maxBytes = maxBytes;
    }

    /**
     * The fetched lines compared with the stored ones.
     *
     * @param newLines lines that are not stored yet
     * @param isContiguous whether they begin where the stored lines end; if not, lines may be missing between them
     */
    record Fetched(List<String> newLines, boolean isContiguous) {}

    /** The newest stored lines, oldest first. The first may be truncated. */
    List<String> tail() throws IOException {
        List<String> lines = new ArrayList<>(tail(file));
        if (lines.size() < MATCHING_LINES) {
            lines.addAll(0, tail(previous));
        }
        return lines;
    }

    /** Compares the lines and stores nothing. */
    Fetched compare(List<String> fetched) throws IOException {
        List<String> stored = tail();
        if (stored.isEmpty()) {
            return new Fetched(fetched, true);
        }
        int end = overlap(withoutRedactionMarks(stored), withoutRedactionMarks(fetched));
        return new Fetched(fetched.subList(end, fetched.size()), end > 0);
    }

    /** Redaction marks differ after each start of the relay. */
    private static List<String> withoutRedactionMarks(List<String> lines) {
        return lines.stream()
                .map(line -> REDACTION_MARK.matcher(line).replaceAll("***"))
                .toList();
    }

    /** The end of the longest run of fetched lines that equals the last stored lines; 0 if there is none. */
    private static int overlap(List<String> stored, List<String> fetched) {
        int bestEnd = 0;
        int longestMatch = 0;
        for (int end = fetched.size(); end > 0; end--) {
            int maxMatch = Math.min(Math.min(end, stored.size()), MATCHING_LINES);
            int matching = 0;
            while (matching < maxMatch
                    && stored.get(stored.size() - 1 - matching).equals(fetched.get(end - 1 - matching))) {
                matching++;
            }
            if (matching == maxMatch && matching > longestMatch) {
                longestMatch = matching;
                bestEnd = end;
            }
        }
        return bestEnd;
    }

    /** @param gap line to write before them when lines may be missing; empty if none are missing */
    void append(List<String> lines, String gap) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            OwnerOnly.createDirectories(folder);
        }
        StringBuilder text = new StringBuilder(endsWithinALine() ? "\n" : "");
        if (!gap.isEmpty()) {
            text.append(gap).append('\n');
        }
        lines.forEach(line -> text.append(line).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (size > 0 && size + bytes.length > maxBytes) {
            Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
        }
        OwnerOnly.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Whether the last line is incomplete, for example after a crash. */
    private boolean endsWithinALine() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(open.length() - 1);
            return open.read() != '\n';
        }
    }

    private static List<String> tail(Path path) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (RandomAccessFile open = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, open.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (open.length() - from)];
            open.seek(from);
            open.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
