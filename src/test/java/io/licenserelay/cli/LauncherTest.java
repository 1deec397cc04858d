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

/** The launcher script with a fake Java that prints its arguments, and the class archive that the script selects. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path archive;

    @BeforeEach
    void createLayout() throws Exception {
        Files.createDirectories(folder.resolve("home/lib"));
        Files.createFile(folder.resolve("home/lib/relay.jar"));
        Files.copy(Path.of("license-relay"), folder.resolve("home/license-relay"));
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        set(java, "rwxr-xr-x");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17\"\n");
        archive = Path.of(javaOption("run", "-Dlicense-relay.class-archive="));
        assertThat(archive.startsWith(cache())).isTrue();
    }

    @AfterEach
    void clearProperty() {
        System.clearProperty(ClassArchive.PROPERTY);
    }

    @Test
    void anArchiveThatOnlyThisUserCanWriteIsUsed() throws Exception {
        createArchive();
        assertThat(javaOption("run", "-XX:SharedArchiveFile=")).isEqualTo(archive.toString());
        assertThat(javaOption("sync", "-XX:SharedArchiveFile=")).isEqualTo(archive.toString());
    }

    @Test
    void anArchiveThatOtherUsersCanReplaceIsNotUsed() throws Exception {
        createArchive();
        set(cache(), "rwxrwxr-x");
        assertThat(javaOption("run", "-XX:SharedArchiveFile=")).isEmpty();
        set(cache(), "rwx------");
        set(archive, "rw-r--rw-");
        assertThat(javaOption("run", "-XX:SharedArchiveFile=")).isEmpty();
    }

    @Test
    void anArchiveOfAnotherUserIsNotUsedAndNoneIsCreatedInAnotherUsersFolder() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can change the owner of a file");
        createArchive();
        Files.setAttribute(archive, "unix:uid", 65_534);
        assertThat(javaOption("run", "-XX:SharedArchiveFile=")).isEmpty();
        Files.setAttribute(archive, "unix:uid", 0);
        assertThat(javaOption("run", "-XX:SharedArchiveFile=")).isNotEmpty();
        Files.setAttribute(cache(), "unix:uid", 65_534);
        assertThat(javaOption("run", "-XX:SharedArchiveFile=")).isEmpty();

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

    private void createArchive() throws IOException {
        Files.createDirectories(cache());
        set(cache(), "rwx------");
        Files.writeString(archive, "archive");
        set(archive, "r--r--r--");
    }

    private static void set(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** The value of an option on Java's command line; empty if the option is missing. */
    private String javaOption(String command, String option) throws Exception {
        ProcessBuilder launcher = new ProcessBuilder(
                        "sh", folder.resolve("home/license-relay").toString(), command)
                .redirectErrorStream(true);
        launcher.environment()
                .putAll(Map.of(
                        "JAVA_HOME", folder.resolve("jdk").toString(),
                        "XDG_CACHE_HOME", folder.resolve("cache").toString(),
                        "RELAY_CDS", "on"));
        Process process = launcher.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.startsWith(option))
                .map(line -> line.substring(option.length()))
                .findFirst()
                .orElse("");
    }
}
