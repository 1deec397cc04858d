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
 * Reads what devices and servers write usage reports into: files of {@code license smart save usage}, exports of {@code
 * /smartlic-service/all-reports}, offline bundles, acknowledgements and what devices say of their reports, and all of them
 * packed as gzip, tar or zip. Stateless.
 */
public final class ReportFileReader {
    /** Beside the reports of an offline bundle; it says nothing that the reports do not. */
    private static final String MANIFEST = "manifest.mf";

    private final int largest;

    /** @param largest of one unpacked file, in bytes, below 1 GiB */
    public ReportFileReader(int largest) {
        this.largest = largest;
    }

    /** What opens a file. */
    public interface Source {
        InputStream open() throws IOException;
    }

    /** Hands over what is in the file, one part after the other; what is no use comes as a complaint. */
    public void read(Path file, Consumer<ParsedFile> taker) {
        read(() -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), taker);
    }

    /** The same of a file that somebody else opens. */
    public void read(Source file, Consumer<ParsedFile> taker) {
        try (InputStream in = file.open()) {
            read(in, taker);
        } catch (IOException e) {
            taker.accept(ParsedFile.useless("it cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /** The same of what came without a file. */
    public void read(InputStream in, Consumer<ParsedFile> taker) {
        new ArchiveReader(largest, new ArchiveReader.Taker() {
                    @Override
                    public void file(String name, byte[] content) {
                        taker.accept(named(name, content(name, content)));
                    }

                    @Override
                    public void complain(String name, String reason) {
                        taker.accept(named(name, ParsedFile.useless(reason)));
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
            // What stands in a report is no mark of the file that it came in.
            String head = RumXml.beforeReports(text);
            if (AckFile.isOne(head)) {
                return alone(ParsedFile.of(AckFile.of(name, text, content)), head, text);
            }
            return DeviceStatus.isOne(head)
                    ? alone(ParsedFile.of(DeviceStatus.read(head)), head, text)
                    : RumXml.read(text);
        } catch (MalformedReport e) {
            return ParsedFile.useless(String.valueOf(e.getMessage()));
        }
    }

    private static ParsedFile alone(ParsedFile content, String head, String text) {
        return head.length() == text.length()
                ? content
                : content.withComplaints(
                        List.of("it holds reports as well, which were not read; put them into a file of their own"));
    }

    /** Which of the many in a bundle it is about. */
    private static ParsedFile named(String name, ParsedFile content) {
        if (name.isEmpty() || content.complaints().isEmpty()) {
            return content;
        }
        String prefix = EntryNames.shown(name) + ": ";
        return content.withComplaints(
                content.complaints().stream().map(prefix::concat).toList());
    }
}
