package io.licenserelay.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads small text files completely, up to a size limit. */
public final class TextFile {
    public static final int MAX_BYTES = 1 << 20;

    private TextFile() {}

    /**
     * Reads a file of at most {@code maxBytes} bytes.
     *
     * @throws IOException with a readable message when the file does not exist, is not readable, or is larger
     */
    public static byte[] bytes(Path path, int maxBytes) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path + " does not exist");
        }
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder");
        }
        if (!Files.isReadable(path)) {
            throw new IOException(path + " is not readable for user " + System.getProperty("user.name"));
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException(path + " is larger than " + maxBytes / 1024 + " KiB");
            }
            return bytes;
        }
    }

    /** The text of a UTF-8 file without its byte order mark, or null after reporting the problem. */
    public static @Nullable String read(Path path, ConfigurationProblems problems) {
        try {
            return text(bytes(path, MAX_BYTES), problems);
        } catch (IOException e) {
            problems.add(0, String.valueOf(e.getMessage()), "make " + path + " a readable file within the size limit");
            return null;
        }
    }

    /** The text of UTF-8 bytes without their byte order mark, or null after reporting the problem. */
    public static @Nullable String text(byte[] bytes, ConfigurationProblems problems) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            problems.add(lineAt(text, text.length()), "a character that is not UTF-8", "save the file as UTF-8");
            return null;
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The line, from 1, of a position in a text. */
    static int lineAt(String text, int position) {
        return 1
                + (int) text.substring(0, Math.min(position, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }
}
