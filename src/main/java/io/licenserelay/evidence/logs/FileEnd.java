package io.licenserelay.evidence.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The end of a file.
 *
 * @param lines whole lines as far as there are any, oldest first, as they stand in the file
 * @param cut the file begins before them
 * @param modified when the file was last written
 */
record FileEnd(List<String> lines, boolean cut, Instant modified) {

    /**
     * Reads so many bytes at most, in one piece: neither a huge file nor a huge line costs more. Bytes that are not UTF-8
     * become U+FFFD.
     *
     * @throws IOException with a message for people
     */
    static FileEnd read(Path path, int bytes) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is not a regular file");
        }
        Instant modified = Files.getLastModifiedTime(path).toInstant();
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            long start = Math.max(0, channel.size() - bytes);
            channel.position(start);
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Reads until the file or the buffer ends.
            }
            String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            return new FileEnd(lines(text, start > 0), start > 0, modified);
        }
    }

    private static List<String> lines(String text, boolean beginsInALine) {
        List<String> lines = text.lines().toList();
        return beginsInALine && lines.size() > 1 ? lines.subList(1, lines.size()) : lines;
    }
}
