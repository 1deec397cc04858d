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

    /** It is made at the lowest priority, so whatever else the machine does comes first. */
    private static final Duration ARCHIVE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    @Test
    void neitherSimulatorNorBrokerIsInTheProductionFolder() throws Exception {
        assertThat(holding("lib", "io/licenserelay/simulator/ssm/SsmSimulator.class"))
                .isEmpty();
        assertThat(holding("lib", "kafka/server/KafkaRaftServer.class")).isEmpty();
        assertThat(holding("lib", "META-INF/services/io.licenserelay.cli.Subcommand"))
                .isEmpty();
        assertThat(holding("lib-demo", "io/licenserelay/simulator/ssm/SsmSimulator.class"))
                .hasSize(1);
        assertThat(holding("lib-demo", "kafka/server/KafkaRaftServer.class")).hasSize(1);
    }

    /** In {@code config/}, which an upgrade keeps, it would replace the catalogue of the new version. */
    @Test
    void theCatalogueIsShippedToReadAndNotInTheConfiguration() {
        assertThat(DIST.resolve("config/relay.yaml")).exists();
        assertThat(DIST.resolve("config/diagnoses.yaml")).doesNotExist();
        assertThat(DIST.resolve("doc/diagnoses.yaml")).hasSameTextualContentAs(Path.of("config/diagnoses.yaml"));
    }

    @Test
    void theDemoIsNoCommandOfTheProductionFolder() throws Exception {
        RelayProcess demo =
                RelayProcess.start(folder, launcher(productionOnly(), folder.resolve("cache"), "demo", "--once"));
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err()).contains("Unknown command \"demo\"");
    }

    @Test
    void theProductionFolderAloneSyncsAndItsServiceStopsWithItsLauncherAndLeavesNoUnfinishedArchive() throws Exception {
        Path home = productionOnly();
        Path cache = folder.resolve("cache");
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            try (RelayProcess relay = ready(home, site, cache)) {
                assertThat(relay.command()).as("the launcher became the relay").endsWith("/java");
                // A site that was never synced is due at once.
                relay.until(Duration.ofMillis(50), () -> relay.err().contains(" ended complete"));

                RelayProcess sync = RelayProcess.start(folder, launcher(home, cache, site.arguments("sync")));
                assertThat(sync.exitCode()).as(sync.err()).isZero();
                assertThat(sync.out()).contains("hq/ACME  complete");
                assertThat(sync.err()).isEmpty();

                assertThat(relay.terminate()).isZero();
            }
            assertThat(archives(cache)).isEmpty();
        }
    }

    @Test
    void helpOfTheServiceMakesNoArchive() throws Exception {
        Path cache = folder.resolve("cache");
        RelayProcess help = RelayProcess.start(folder, launcher(productionOnly(), cache, "run", "--help"));
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("Usage: license-relay run");
        assertThat(cache).doesNotExist();
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theServiceMakesItsClassArchiveOnceAndGoesOnWhereItCannot() throws Exception {
        Path home = productionOnly();
        Path cache = folder.resolve("cache");
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            try (RelayProcess relay = ready(home, site, cache)) {
                await().atMost(ARCHIVE).until(() -> relay.err().contains("made the class archive"));
                assertThat(relay.terminate()).isZero();
            }
            List<Path> made = archives(cache);
            assertThat(made).hasSize(1);
            try (RelayProcess relay = ready(home, site, cache)) {
                assertThat(relay.commandLine()).contains("-XX:SharedArchiveFile=" + made.get(0));
                assertThat(relay.terminate()).isZero();
            }
            assertThat(archives(cache)).isEqualTo(made);
            try (RelayProcess relay = ready(home, site, Path.of("/dev/null/cache"))) {
                assertThat(relay.terminate()).isZero();
            }
        }
    }

    /** A service that is up. */
    private RelayProcess ready(Path home, OneSite site, Path cache) throws Exception {
        RelayProcess relay = RelayProcess.start(folder, launcher(home, cache, site.arguments("run")));
        await().atMost(Duration.ofMinutes(3))
                .failFast("it ended", () -> !relay.isAlive())
                .until(() -> relay.err().contains("ready: "));
        return relay;
    }

    private static List<String> launcher(Path home, Path cache, String... arguments) {
        return Stream.concat(
                        Stream.of(
                                "env",
                                "XDG_CACHE_HOME=" + cache,
                                // The quick compiler is cheaper for a short life.
                                "RELAY_JAVA_OPTS=-XX:TieredStopAtLevel=1",
                                "sh",
                                home.resolve("license-relay").toString()),
                        Stream.of(arguments))
                .toList();
    }

    private static List<Path> archives(Path cache) throws IOException {
        Path folder = cache.resolve("license-relay");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
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
