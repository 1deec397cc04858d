package io.licenserelay.reports.format;

import io.licenserelay.reports.unpack.ArchiveReader;
import io.licenserelay.reports.unpack.EntryNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads all files that contain usage reports, acknowledgements or report states: files of
 * {@code license smart save usage}, exports of {@code /smartlic-service/all-reports}, offline bundles, acknowledgement
 * files and outputs of {@code show license}, each also packed as gzip, tar or zip. Stateless.
 */
public final class ReportFileReader {
    /** Part of an offline bundle. It has no information that the reports do not have. */
    private static final String MANIFEST = "manifest.mf";

    private final int maxFileSize;

    /** @param maxFileSize the maximum size of one unpacked file in bytes, below 1 GiB */
    public ReportFileReader(int maxFileSize) {
        this.maxFileSize = maxFileSize;
    }

    /** Opens the file. */
    public interface Source {
        InputStream open() throws IOException;
    }

    /** Passes each part of the file to the consumer. An unusable part is passed as a problem. */
    public void read(Path file, Consumer<ParsedFile> consumer) {
        read(() -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), consumer);
    }

    /** Reads a file that the source opens. */
    public void read(Source file, Consumer<ParsedFile> consumer) {
        try (InputStream in = file.open()) {
            read(in, consumer);
        } catch (IOException e) {
            consumer.accept(ParsedFile.unusable(
                    "the file cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /** Reads a stream. */
    public void read(InputStream in, Consumer<ParsedFile> consumer) {
        new ArchiveReader(maxFileSize, new ArchiveReader.FileConsumer() {
                    @Override
                    public void file(String name, byte[] content) {
                        consumer.accept(prefixed(name, content(name, content)));
                    }

                    @Override
                    public void problem(String name, String reason) {
                        consumer.accept(prefixed(name, ParsedFile.unusable(reason)));
                    }
                })
                .open(in);
    }

    private static ParsedFile content(String name, byte[] content) {
        if (!name.isEmpty() && (name.endsWith("/" + MANIFEST) || name.equals(MANIFEST))) {
            return ParsedFile.of(List.of(), List.of());
        }
        try {
            String text = XmlText.decode(content);
            String start = text.stripLeading();
            if (start.startsWith("{") || start.startsWith("[")) {
                return RumExport.read(text);
            }
            // Only the text before the first report determines the type of the file.
            String head = RumXml.beforeReports(text);
            if (AckFile.isAck(head)) {
                return withoutReports(ParsedFile.of(AckFile.of(name, text, content)), head, text);
            }
            return DeviceStatus.isStatus(head)
                    ? withoutReports(ParsedFile.of(DeviceStatus.read(head)), head, text)
                    : RumXml.read(text);
        } catch (MalformedReport e) {
            return ParsedFile.unusable(String.valueOf(e.getMessage()));
        }
    }

    private static ParsedFile withoutReports(ParsedFile content, String head, String text) {
        return head.length() == text.length()
                ? content
                : content.withProblems(List.of(
                        "the file also contains reports, which were not read; put the reports into a separate file"));
    }

    /** Prefixes each problem with the name of the file within the bundle. */
    private static ParsedFile prefixed(String name, ParsedFile content) {
        if (name.isEmpty() || content.problems().isEmpty()) {
            return content;
        }
        String prefix = EntryNames.forMessage(name) + ": ";
        return content.withProblems(
                content.problems().stream().map(prefix::concat).toList());
    }
}
