package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the relay, with a Java that only says its arguments; and the archive that it asks for. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path archive;

    @BeforeEach
    void layOut() throws Exception {
        Files.createDirectories(folder.resolve("home/lib"));
        Files.createFile(folder.resolve("home/lib/relay.jar"));
        Files.copy(Path.of("license-relay"), folder.resolve("home/license-relay"));
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        set(java, "rwxr-xr-x");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17\"\n");
        archive = Path.of(said("run", "-Dlicense-relay.class-archive="));
        assertThat(archive.startsWith(cache())).isTrue();
    }

    @AfterEach
    void forget() {
        System.clearProperty(ClassArchive.PROPERTY);
    }

    @Test
    void anArchiveThatOnlyThisUserMayWriteIsUsed() throws Exception {
        keepArchive();
        assertThat(said("run", "-XX:SharedArchiveFile=")).isEqualTo(archive.toString());
        assertThat(said("sync", "-XX:SharedArchiveFile=")).isEqualTo(archive.toString());
    }

    @Test
    void anArchiveThatOthersMayReplaceIsNotUsed() throws Exception {
        keepArchive();
        set(cache(), "rwxrwxr-x");
        assertThat(said("run", "-XX:SharedArchiveFile=")).isEmpty();
        set(cache(), "rwx------");
        set(archive, "rw-r--rw-");
        assertThat(said("run", "-XX:SharedArchiveFile=")).isEmpty();
    }

    @Test
    void anArchiveOfAnotherUserIsNotUsedAndNoneIsMadeInAFolderOfAnotherUser() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a file away");
        keepArchive();
        Files.setAttribute(archive, "unix:uid", 65_534);
        assertThat(said("run", "-XX:SharedArchiveFile=")).isEmpty();
        Files.setAttribute(archive, "unix:uid", 0);
        assertThat(said("run", "-XX:SharedArchiveFile=")).isNotEmpty();
        Files.setAttribute(cache(), "unix:uid", 65_534);
        assertThat(said("run", "-XX:SharedArchiveFile=")).isEmpty();

        Files.delete(archive);
        System.setProperty(ClassArchive.PROPERTY, archive.toString());
        try (ClassArchive none = ClassArchive.inBackground()) {
            assertThat(none).extracting("maker").isNull();
        }
        assertThat(cache()).isEmptyDirectory();
    }

    private Path cache() {
        return folder.resolve("cache/license-relay");
    }

    private void keepArchive() throws IOException {
        Files.createDirectories(cache());
        set(cache(), "rwx------");
        Files.writeString(archive, "archive");
        set(archive, "r--r--r--");
    }

    private static void set(Path path, String rights) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    /** What follows the option on Java's command line; empty when it is not there. */
    private String said(String command, String option) throws Exception {
        ProcessBuilder launcher = new ProcessBuilder(
                        "sh", folder.resolve("home/license-relay").toString(), command)
                .redirectErrorStream(true);
        launcher.environment()
                .putAll(Map.of(
                        "JAVA_HOME", folder.resolve("jdk").toString(),
                        "XDG_CACHE_HOME", folder.resolve("cache").toString(),
                        "RELAY_CDS", "on"));
        Process process = launcher.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .filter(line -> line.startsWith(option))
                .map(line -> line.substring(option.length()))
                .findFirst()
                .orElse("");
    }
}
