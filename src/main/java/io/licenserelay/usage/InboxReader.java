package io.licenserelay.usage;

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
final class InboxReader {
    /** Beside the reports of an offline bundle; it says nothing that the reports do not. */
    private static final String MANIFEST = "manifest.mf";

    private final int largest;

    /** @param largest of one unpacked file, in bytes, below 1 GiB */
    InboxReader(int largest) {
        this.largest = largest;
    }

    /** What opens a file. */
    interface Source {
        InputStream open() throws IOException;
    }

    /** Hands over what is in the file, one part after the other; what is no use comes as a complaint. */
    void read(Path file, Consumer<Content> taker) {
        read(() -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), taker);
    }

    /** The same of a file that somebody else opens. */
    void read(Source file, Consumer<Content> taker) {
        try (InputStream in = file.open()) {
            read(in, taker);
        } catch (IOException e) {
            taker.accept(Content.useless("it cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /** The same of what came without a file. */
    void read(InputStream in, Consumer<Content> taker) {
        new Unpacking(largest, new Unpacking.Taker() {
                    @Override
                    public void file(String name, byte[] content) {
                        taker.accept(named(name, content(name, content)));
                    }

                    @Override
                    public void complain(String name, String reason) {
                        taker.accept(named(name, Content.useless(reason)));
                    }
                })
                .open(in);
    }

    private static Content content(String name, byte[] content) {
        if (!name.isEmpty() && (name.endsWith("/" + MANIFEST) || name.equals(MANIFEST))) {
            return Content.of(List.of(), List.of());
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
                return alone(Content.of(AckFile.of(name, text, content)), head, text);
            }
            return Statement.isOne(head) ? alone(Content.of(Statement.read(head)), head, text) : RumXml.read(text);
        } catch (Unreadable e) {
            return Content.useless(String.valueOf(e.getMessage()));
        }
    }

    private static Content alone(Content content, String head, String text) {
        return head.length() == text.length()
                ? content
                : content.withComplaints(
                        List.of("it holds reports as well, which were not read; put them into a file of their own"));
    }

    /** Which of the many in a bundle it is about. */
    private static Content named(String name, Content content) {
        if (name.isEmpty() || content.complaints().isEmpty()) {
            return content;
        }
        String prefix = EntryNames.shown(name) + ": ";
        return content.withComplaints(
                content.complaints().stream().map(prefix::concat).toList());
    }
}
