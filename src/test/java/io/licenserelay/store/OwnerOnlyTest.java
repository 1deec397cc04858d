package io.licenserelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
    @TempDir
    Path folder;

    @Test
    void whatIsMadeIsItsOwnersAlone() throws IOException {
        Path made = folder.resolve("a/b");
        OwnerOnly.createDirectories(made);
        Path file = made.resolve("file");
        OwnerOnly.write(file, "x".getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        OwnerOnly.write(file, "y".getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        OwnerOnly.createFile(file);
        assertThat(file).hasContent("xy");
        assertThat(rights(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(rights(made)).isEqualTo("rwx------");
        assertThat(rights(file)).isEqualTo("rw-------");
        assertThat(OwnerOnly.isOurs(file)).isTrue();
    }

    @Test
    void aFolderMayBeALinkToOne() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        OwnerOnly.createDirectories(link);
        OwnerOnly.createFile(link.resolve("file"));
        made("real/inbox", "rwxrwxrwx");
        set(folder.resolve("real/file"), "rw-rw-rw-");
        OwnerOnly.mend(link, List.of(link.resolve("inbox")));
        assertThat(rights(folder.resolve("real/file"))).isEqualTo("rw-------");
        assertThat(rights(folder.resolve("real/inbox"))).isEqualTo("rwxrwxrwx");
    }

    @Test
    void aFolderIsMendedAndSharedOnesKeepTheirRights() throws IOException {
        Path inbox = made("hq/inbox", "rwxrwx-wx");
        Path report = Files.createFile(inbox.resolve("report"));
        set(report, "rw-r--r--");
        set(folder.resolve("hq"), "rwxr-xr-x");
        Path logs = made("hq/logs", "rwxr-xr-x");
        Path log = Files.createFile(logs.resolve("ssm.log"));
        set(log, "rw-rw-r--");
        Path elsewhere = Files.createTempFile(folder.getParent(), "elsewhere", ".txt");
        set(elsewhere, "rw-r--r--");
        Files.createSymbolicLink(logs.resolve("link"), elsewhere);
        try {
            OwnerOnly.mend(folder, List.of(inbox, folder.resolve("hq/outbox")));
            assertThat(rights(inbox)).isEqualTo("rwxrwx-wx");
            assertThat(rights(report)).isEqualTo("rw-r--r--");
            assertThat(rights(folder.resolve("hq"))).as("only passed through").isEqualTo("rwx--x--x");
            assertThat(rights(logs)).isEqualTo("rwx------");
            assertThat(rights(log)).isEqualTo("rw-------");
            assertThat(rights(elsewhere)).as("behind a link").isEqualTo("rw-r--r--");
        } finally {
            Files.delete(elsewhere);
        }
    }

    @Test
    void whatOthersMayWriteOrOwnIsNotOurs() throws IOException {
        Path open = made("open", "rwxrwxr-x");
        assertThat(OwnerOnly.isOurs(open)).isFalse();
        assertThat(OwnerOnly.isOurs(folder.resolve("missing"))).isFalse();
    }

    /** A file system that knows no owners and rights. */
    @Test
    void whereThereAreNoRightsFilesAreMadeAllTheSame() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            Path made = zip.getPath("/data/evidence");
            OwnerOnly.createDirectories(made);
            OwnerOnly.write(
                    made.resolve("x"), "x".getBytes(UTF_8), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            OwnerOnly.mend(zip.getPath("/data"), List.of());
            OwnerOnly.tighten(made.resolve("x"));
            assertThat(Files.readString(made.resolve("x"))).isEqualTo("x");
            assertThat(OwnerOnly.isOurs(made)).isFalse();
        }
    }

    private Path made(String name, String rights) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        set(made, rights);
        return made;
    }

    private static void set(Path path, String rights) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
