package io.licenserelay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other users of the machine can access, and what a relay leaves outside its data folder. */
class LocalUsersIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void stateIsOwnerOnlyAKillLeavesNothingInTmpAndAReadOnlyCopyIsReadable() throws Exception {
        Path tmp = Files.createDirectory(folder.resolve("tmp"));
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            createFilesOfAnEarlierVersion(site.data());
            site.ssm().faults().set("forbidden", "resource", "licenses");

            try (RelayProcess relay = runWithUmaskZero(site, tmp)) {
                await().atMost(TIMEOUT)
                        .failFast("the relay ended", () -> !relay.isAlive())
                        .until(() -> relay.err().contains("The evidence of incident")
                                && relay.err().contains(" ended "));
                assertThat(relay.err()).contains("removed the rights of other users from");
                assertOwnerOnly(site.data());
                assertThat(mode(site.data().resolve("hq/inbox"))).isEqualTo("rwxrwxrwx");
                assertThat(site.run("doctor").out())
                        .contains("inbox", "every user of this machine may write to", "chmod o-w");
                relay.kill();
            }
            assertThat(entries(tmp)).noneMatch(name -> name.contains("sqlite"));
            List<Path> unpacked = files(site.data().resolve("native"));
            assertThat(unpacked)
                    .as("files of other versions and killed processes are deleted")
                    .hasSize(1);
            FileTime modified = Files.getLastModifiedTime(unpacked.get(0));

            try (CommandsProcess reader = CommandsProcess.start(withoutCapabilities(), List.of(), folder)) {
                assertReadable("after a kill", reader, site, readOnly(site.data()));
                Path incomplete = readOnly(site.data(), "relay.db-shm");
                assertThat(read(reader, site, incomplete))
                        .contains(
                                "relay.db-shm",
                                "copy the data folder to a place where this user may write",
                                "incidents ended with 1");
                try (RelayProcess sync = startWithTmp(site, tmp, "sync")) {
                    assertThat(sync.exitCode()).isEqualTo(1);
                }
                assertThat(files(site.data().resolve("native"))).containsExactly(unpacked.get(0));
                assertThat(Files.getLastModifiedTime(unpacked.get(0))).isEqualTo(modified);
                assertThat(site.data().resolve("relay.db-wal")).doesNotExist();
                assertReadable("after a stop", reader, site, readOnly(site.data()));
            }

            // A wrong library must be replaced before it is loaded. The file is new, because this JVM may have loaded
            // the old file.
            Files.delete(unpacked.get(0));
            Files.write(unpacked.get(0), "no library".getBytes(UTF_8));
            try (RelayProcess sync = startWithTmp(site, tmp, "sync")) {
                assertThat(sync.exitCode()).isEqualTo(1);
            }
            assertThat(Files.size(unpacked.get(0))).isGreaterThan(100_000);
            assertThat(entries(tmp)).noneMatch(name -> name.contains("sqlite"));
        }
    }

    /** As with {@code fsGroup}: the group can write, and another user owns the folder. */
    @Test
    void aVolumeWithUnchangeablePermissionsIsAWarning() throws Exception {
        assumeTrue(isRoot(), "only root can change the owner of a folder");
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            Files.createDirectories(site.data());
            Files.setPosixFilePermissions(site.data(), PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.setAttribute(site.data(), "unix:uid", 65_534);
            List<String> command = new ArrayList<>(withoutCapabilities());
            command.addAll(RelayProcess.java(List.of(), LicenseRelay.class, site.arguments("sync")));
            try (RelayProcess sync = RelayProcess.start(folder, command)) {
                assertThat(sync.exitCode()).as(sync.err()).isZero();
                assertThat(sync.err())
                        .contains(
                                "other users may read or write 1 file(s) and folder(s), and this user cannot change it")
                        .contains(site.data().toString());
            }
            assertThat(mode(site.data().resolve("relay.db"))).isEqualTo("rw-------");
        }
    }

    private static void createFilesOfAnEarlierVersion(Path data) throws IOException {
        for (String each : List.of("", "evidence", "evidence/captures", "native", "hq/logs", "hq/inbox", "hq/outbox")) {
            Path made = Files.createDirectories(data.resolve(each));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (String each :
                List.of("relay.lock", "evidence/old.tar.gz", "hq/logs/ssm.log.1", "native/sqlite-3.1-x.so")) {
            Path made = Files.createFile(data.resolve(each));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.setPosixFilePermissions(data.resolve("hq/inbox"), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private RelayProcess runWithUmaskZero(OneSite site, Path tmp) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
        command.addAll(RelayProcess.java(tmp(tmp), LicenseRelay.class, site.arguments("run")));
        return RelayProcess.start(folder, command);
    }

    private RelayProcess startWithTmp(OneSite site, Path tmp, String command) throws IOException {
        return RelayProcess.startWith(tmp(tmp), folder, site.arguments(command));
    }

    private static List<String> tmp(Path tmp) {
        return List.of("-Djava.io.tmpdir=" + tmp);
    }

    /** The parent folders of an inbox can be traversed but not listed. */
    private static void assertOwnerOnly(Path data) throws IOException {
        Set<Path> shared = Set.of(data.resolve("hq/inbox"), data.resolve("hq/outbox"));
        Set<Path> traversable = Set.of(data, data.resolve("hq"));
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(each -> shared.stream().noneMatch(each::startsWith)))
                    .hasSizeGreaterThan(8)
                    .extracting(each -> data.relativize(each) + " " + mode(each))
                    .anyMatch(each -> each.startsWith("relay.db-wal "))
                    .anyMatch(each -> each.startsWith("relay.db-shm "))
                    .allMatch(each -> each.endsWith("------")
                            || traversable.contains(data.resolve(each.split(" ")[0])) && each.endsWith("--x--x"));
        }
    }

    /** A copy that is read-only for its owner. */
    private Path readOnly(Path data, String... omitted) throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy").resolve("data");
        List<Path> all;
        try (Stream<Path> walk = Files.walk(data)) {
            all = walk.filter(each -> !List.of(omitted).contains(String.valueOf(each.getFileName())))
                    .toList();
        }
        for (Path each : all) {
            Files.copy(each, copy.resolve(data.relativize(each).toString()));
        }
        for (Path each : all.stream().sorted(Comparator.reverseOrder()).toList()) {
            Path copied = copy.resolve(data.relativize(each).toString());
            Files.setPosixFilePermissions(
                    copied, PosixFilePermissions.fromString(Files.isDirectory(copied) ? "r-x------" : "r--------"));
        }
        return copy;
    }

    private void assertReadable(String state, CommandsProcess reader, OneSite site, Path copy) throws Exception {
        assertThat(read(reader, site, copy, "reports list", "reports devices", "reports export", "replay", "doctor"))
                .as(state)
                .contains("LIC3006", "incidents ended with 1", "reports list ended with 0")
                .contains("reports devices ended with 0", "reports export ended with 0", "replay ended with 0")
                .contains("this user may not write to " + copy, "2 open: hq/ACME", "doctor ended with 2");
    }

    /** The output of {@code incidents} and then of the other commands for the copy. */
    private String read(CommandsProcess reader, OneSite site, Path copy, String... commands) throws Exception {
        List<String> all = new ArrayList<>(List.of("incidents"));
        all.addAll(List.of(commands));
        StringBuilder printed = new StringBuilder();
        for (String command : all) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            if (command.equals("replay")) {
                arguments.add(incident(copy));
            }
            arguments.addAll(List.of("--config", site.config().toString(), "--data", copy.toString()));
            CommandResult result = reader.run(arguments.toArray(String[]::new));
            printed.append(result.out()).append(result.err());
            printed.append(command)
                    .append(" ended with ")
                    .append(result.exitCode())
                    .append('\n');
        }
        try (Stream<Path> folders = Files.walk(copy)) {
            folders.filter(Files::isDirectory).forEach(LocalUsersIT::setWritable);
        }
        return printed.toString();
    }

    private static String incident(Path data) throws IOException {
        return entries(data.resolve("evidence")).stream()
                .filter(name -> name.endsWith(".tar.gz") && !name.startsWith("old"))
                .findFirst()
                .orElseThrow()
                .replace(".tar.gz", "");
    }

    /** Makes the copy deletable after the test. */
    private static void setWritable(Path copied) {
        assertThat(copied.toFile().setWritable(true)).isTrue();
    }

    /** File permissions apply to root only without capabilities. */
    private static List<String> withoutCapabilities() {
        return isRoot() ? List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all") : List.of();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> entries(Path folder) throws IOException {
        return files(folder).stream()
                .map(each -> String.valueOf(each.getFileName()))
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
