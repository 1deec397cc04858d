package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed layout: {@code lib/} alone is the relay, and what only the demo needs is not in it. */
class ThinLayoutIT {
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();

    private static final String MAKING = "Making the class archive";

    @TempDir
    Path folder;

    @Test
    void neitherSimulatorNorBrokerIsInTheProductionFolder() throws Exception {
        assertThat(holding("lib", "io/licenserelay/demo/SsmSimulator.class")).isEmpty();
        assertThat(holding("lib", "kafka/server/KafkaRaftServer.class")).isEmpty();
        assertThat(holding("lib", "META-INF/services/io.licenserelay.cli.Subcommand"))
                .isEmpty();
        assertThat(holding("lib-demo", "io/licenserelay/demo/SsmSimulator.class"))
                .hasSize(1);
        assertThat(holding("lib-demo", "kafka/server/KafkaRaftServer.class")).hasSize(1);
    }

    @Test
    void theProductionFolderAloneSyncs() throws Exception {
        Path home = productionOnly();
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            RelayProcess demo = launched(home, "demo", "--once");
            assertThat(demo.exitCode()).isEqualTo(2);
            assertThat(demo.err()).contains("Unknown command \"demo\"");

            String config = site.config().toString();
            RelayProcess sync = launched(
                    home, "sync", "--config", config, "--data", site.data().toString());
            assertThat(sync.exitCode()).as(sync.err()).isZero();
            assertThat(sync.out()).contains("hq/ACME  complete");
            assertThat(sync.err()).isEmpty();
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theServiceMakesItsClassArchiveOnceAndGoesOnWhereItCannot() throws Exception {
        Path home = productionOnly();
        Path cache = folder.resolve("cache");
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            assertThat(startedAndEnded(home, site, cache)).contains(MAKING);
            assertThat(archives(cache)).hasSize(1);
            assertThat(startedAndEnded(home, site, cache)).doesNotContain(MAKING);
            assertThat(archives(cache)).hasSize(1);
            assertThat(startedAndEnded(home, site, Path.of("/dev/null/cache"))).doesNotContain(MAKING);
        }
    }

    /** @return what it said */
    private String startedAndEnded(Path home, OneSite site, Path cache) throws Exception {
        List<String> command = List.of(
                "env",
                "XDG_CACHE_HOME=" + cache,
                "sh",
                home.resolve("license-relay").toString(),
                "run",
                "--config",
                site.config().toString(),
                "--data",
                site.data().toString());
        try (RelayProcess relay = RelayProcess.start(folder, command)) {
            await().atMost(Duration.ofSeconds(120))
                    .failFast("it ended", () -> !relay.isAlive())
                    .until(() -> relay.err().contains("ready: "));
            relay.terminate();
            return relay.err();
        }
    }

    private static List<Path> archives(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("license-relay"))) {
            return files.toList();
        }
    }

    /** As in the production image: launcher and {@code lib/}, no {@code lib-demo/}. */
    private static Path productionOnly() throws IOException {
        Path home = Files.createDirectories(DIST.resolveSibling("dist-production"));
        Path launcher = DIST.resolve("license-relay");
        Files.copy(launcher, home.resolve("license-relay"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(home.resolve("lib"));
        Files.createSymbolicLink(home.resolve("lib"), DIST.resolve("lib"));
        return home;
    }

    private RelayProcess launched(Path home, String... arguments) throws IOException {
        return RelayProcess.start(
                folder,
                Stream.concat(Stream.of("sh", home.resolve("license-relay").toString()), Stream.of(arguments))
                        .toList());
    }

    private static Set<String> holding(String lib, String entry) throws IOException {
        List<Path> jars;
        try (Stream<Path> all = Files.list(DIST.resolve(lib))) {
            jars = all.toList();
        }
        Set<String> found = new TreeSet<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                if (file.getEntry(entry) != null) {
                    found.add(String.valueOf(jar.getFileName()));
                }
            }
        }
        return found;
    }
}
