package io.licenserelay.usage;

import io.licenserelay.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;

/** Where files go from an inbox: to {@code done/} or {@code rejected/} beside it, under a name that no other has. */
final class InboxFolders {
    private static final String REASON = ".reason.txt";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Clock clock;

    InboxFolders(Clock clock) {
        this.clock = clock;
    }

    void done(InboxFile file) throws IOException {
        moveTo(folder(file.site(), "done"), file);
    }

    /** The reason lies beside the file before the file does. */
    void rejected(InboxFile file, String reason) throws IOException {
        Path target = free(folder(file.site(), "rejected"), file);
        Path beside = target.resolveSibling(target.getFileName() + REASON);
        Files.writeString(beside, file.name() + ": " + reason + System.lineSeparator());
        // Moving a link moves the link, never what it leads to.
        Files.move(file.path(), target);
    }

    /** Whether somebody has looked after every file that was rejected, and taken it away. */
    boolean nothingRejected(Site site) throws IOException {
        Path rejected = site.reports().inbox().resolveSibling("rejected");
        if (!Files.isDirectory(rejected)) {
            return true;
        }
        try (Stream<Path> files = Files.list(rejected)) {
            return files.allMatch(each -> each.toString().endsWith(REASON));
        }
    }

    private void moveTo(Path folder, InboxFile file) throws IOException {
        Files.move(file.path(), free(folder, file));
    }

    private static Path folder(Site site, String name) throws IOException {
        return Files.createDirectories(site.reports().inbox().resolveSibling(name));
    }

    private Path free(Path folder, InboxFile file) {
        Instant now = clock.instant();
        String name = FileNames.encode(String.valueOf(file.path().getFileName()));
        Path target = folder.resolve(STAMP.format(now) + "-" + name);
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = folder.resolve(STAMP.format(now) + "-" + i + "-" + name);
        }
        return target;
    }
}
