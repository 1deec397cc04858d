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

/** The folders by which a site's reports and acknowledgements come and go: other users may have rights there. */
public final class SharedFolders {
    /** {@code inbox/account/virtual account}. */
    private static final int DEEPEST = 2;

    private static final int MOST = 10_000;

    private SharedFolders() {}

    /** Those of the site, there or not. */
    static List<Path> of(Site site) {
        Path inbox = site.reports().inbox();
        return List.of(
                inbox,
                inbox.resolveSibling("done"),
                inbox.resolveSibling("rejected"),
                site.reports().outbox());
    }

    /** One for each of inbox and outbox that every user of the machine may write to. */
    public static List<CheckResult> checks(Site site) {
        List<CheckResult> checks = new ArrayList<>();
        check("inbox", site.reports().inbox(), "put reports there, and replace or remove those of others")
                .ifPresent(checks::add);
        check("outbox", site.reports().outbox(), "replace or remove acknowledgements")
                .ifPresent(checks::add);
        return checks;
    }

    private static Optional<CheckResult> check(String name, Path folder, String able) {
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
                            "every user of this machine may write to " + open + ": " + able,
                            "chmod o-w " + open + ", and give its writers a group that may"));
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.of(CheckResult.bad(
                    Mark.WARNING,
                    name,
                    folder + " cannot be read: " + unreadable.getMessage(),
                    "let the relay's user read it"));
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
