package io.licenserelay.app;

import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.config.site.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders that exchange a site's reports and acknowledgements with other users. Other users may have rights there. */
public final class SharedFolders {
    /** {@code inbox/account/virtual account}. */
    private static final int DEEPEST = 2;

    private static final int MOST = 10_000;

    private SharedFolders() {}

    /** The folders of the site, whether they exist or not. */
    static List<Path> of(Site site) {
        Path inbox = site.reports().inbox();
        return List.of(
                inbox,
                inbox.resolveSibling("done"),
                inbox.resolveSibling("rejected"),
                site.reports().outbox());
    }

    /** Returns a warning for each of inbox and outbox that every user of the machine may write to. */
    public static List<CheckResult> checks(Site site) {
        List<CheckResult> checks = new ArrayList<>();
        check("inbox", site.reports().inbox(), "they can add reports, and replace or remove the reports of others")
                .ifPresent(checks::add);
        check("outbox", site.reports().outbox(), "they can replace or remove acknowledgements")
                .ifPresent(checks::add);
        return checks;
    }

    private static Optional<CheckResult> check(String name, Path folder, String risk) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> below = Files.find(folder, DEEPEST, (path, found) -> found.isDirectory())) {
            return below.limit(MOST)
                    .filter(SharedFolders::isWritableByEverybody)
                    .findFirst()
                    .map(open -> CheckResult.bad(
                            Mark.WARNING,
                            name,
                            "every user of this machine may write to " + open + ": " + risk,
                            "chmod o-w " + open + ", and give write access to a group of the writers"));
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.of(CheckResult.bad(
                    Mark.WARNING,
                    name,
                    folder + " cannot be read: " + unreadable.getMessage(),
                    "give the relay's user read access"));
        }
    }

    private static boolean isWritableByEverybody(Path folder) {
        try {
            return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
