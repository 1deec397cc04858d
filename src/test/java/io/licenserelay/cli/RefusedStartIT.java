package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FormerStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that prevents the start is reported in plain words, and nothing is created. */
class RefusedStartIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync", "check"})
    void allConfigurationErrorsAreReportedTogetherWithTheirLinesAndNothingIsCreated(String command) throws Exception {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.write(
                config.resolve("relay.yaml"),
                List.of(
                        "sites:",
                        "  - name: hq",
                        "    shedule: \"0 0 2 * * ?\"",
                        "    ssm:",
                        "      url: ftp://ssm.example.net",
                        "      client: { id: relay, secret: 'env:LICENSE_RELAY_TEST_NOT_SET' }",
                        "  - name: hq",
                        "    ssm:",
                        "      url: https://ssm.example.net",
                        "      client: { id: relay, secret: 'file:nowhere' }"));
        Files.write(config.resolve("application.properties"), List.of("relay.kafka.maxBlok=5s"));
        CommandResult result = command(command);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("relay.yaml:3: ", "did you mean \"schedule\"?")
                .contains("relay.yaml:5: ", "https")
                .contains("relay.yaml:6: ", "LICENSE_RELAY_TEST_NOT_SET")
                .contains("relay.yaml:7: ")
                .contains("relay.yaml:10: ", "nowhere")
                .contains("application.properties:1: ", "relay.kafka.maxBlock")
                .endsWith("Nothing was started." + System.lineSeparator());
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void aFolderWithoutConfigurationIsReportedWithItsFix() {
        CommandResult result = command("run");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        folder.resolve("config/relay.yaml") + ": the file does not exist",
                        "set the configuration folder");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync"})
    void invalidRulesAreReportedWithTheirLineAndNothingIsCreated(String command) throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Files.writeString(site.config().resolve("diagnoses.yaml"), "entries:\n  - foo\n");
            CommandResult result = command(command);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("diagnoses.yaml:1: ", "Nothing was started.");
            assertThat(site.data()).doesNotExist();
        }
    }

    @Test
    void anUnknownSiteIsReportedWithTheKnownSitesAndNothingIsCreated() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            CommandResult result = site.run("sync", "--site", "nope");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains("no site \"nope\"", "it has: hq");
            assertThat(site.data()).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync", "check"})
    void anInvalidRouteIsReportedWithFileAndLine(String command) throws Exception {
        CommandResult result = withRoute(
                command, "- route:\n    from:\n      uri: timer:x\n      steps:\n        - sendo: direct:y\n");
        assertThat(result.err()).contains("sendo", "90-mine.camel.yaml, line 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check"})
    void anInvalidYamlRouteFileIsReportedWithFileAndLine(String command) throws Exception {
        CommandResult result = withRoute(command, "- route:\n    id: x\n    from:\n   uri: timer:x\n");
        assertThat(result.err()).contains("90-mine.camel.yaml, line 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync", "check"})
    void aMissingRoutesFolderIsReportedWithItsFix(String command) throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Path routes = folder.resolve("rotues");
            CommandResult result = site.run(command, "--routes", routes.toString());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .contains("the folder " + routes + " does not exist", "omit --routes")
                    .doesNotContain("\tat ");
            assertThat(site.data()).doesNotExist();
        }
    }

    @Test
    void checkReportsTheEffectOfCustomRouteFiles() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Path routes = Files.createDirectories(folder.resolve("config/routes.d"));
            Files.writeString(routes.resolve("51-severity.camel.yaml"), "# switched off\n");
            Files.writeString(
                    routes.resolve("57-mine.camel.yaml"),
                    "- route:\n    id: mine\n    from:\n      uri: direct:mine\n      steps:\n        - log:\n            message: x\n");
            Files.writeString(
                    routes.resolve("31-http-retries.camel.yaml"),
                    "# replaces 31-http-retries.camel.yaml sha256:" + "0".repeat(64) + "\n"
                            + Files.readString(Path.of("routes/31-http-retries.camel.yaml")) + "# ours\n");
            CommandResult result = site.run("check");
            assertThat(result.out())
                    .contains(
                            "packed; 1 added, 1 replaced, 1 disabled by " + routes,
                            "! route file 51-severity.camel.yaml is empty: the packed file is disabled",
                            "✓ route file 57-mine.camel.yaml added",
                            "! route file 31-http-retries.camel.yaml replaces a packed file that keeps the relay safe",
                            "! route file 31-http-retries.camel.yaml: the packed file has changed since this copy was made");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "      uri: direct:x\n      steps:\n        - to:\n            uri: nosuchcomponent:x\n",
                "      uri: direct:x\n      steps:\n        - bean:\n            ref: noSuchBean\n",
                "      uri: direct:x\n      steps:\n        - setBody:\n            expression:\n"
                        + "              simple:\n                expression: ${nosuchfunction}\n"
            })
    void checkResolvesTheReferencesOfARoute(String route) throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Path routes = ownRoutes(folder.resolve("routes"));
            Files.writeString(routes.resolve("90-mine.camel.yaml"), "- route:\n    id: mine\n    from:\n" + route);
            CommandResult result = site.run("check", "--routes", routes.toString());
            assertThat(result.exitCode()).as(result.out()).isEqualTo(2);
            assertThat(result.err()).contains("The routes in " + routes).doesNotContain("\tat ");
        }
    }

    @Test
    void anExceptionInARouteIsReportedInOneLineAndTheTableIsPrinted() throws Exception {
        Path routes = ownRoutes(folder.resolve("routes"));
        Path run = routes.resolve("20-run.camel.yaml");
        Files.writeString(
                run,
                Files.readString(run)
                        .replaceFirst(
                                "(uri: direct:run\\s+steps:\n)",
                                "$1        - throwException:\n            exceptionType: java.lang.IllegalStateException\n"
                                        + "            message: the own step is not ready\n"));
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            try (RelayProcess sync = site.start("sync", "--routes", routes.toString())) {
                assertThat(sync.exitCode()).isEqualTo(1);
                assertThat(sync.out()).contains("PLACE", "hq ").contains("failed");
                assertThat(sync.err())
                        .contains(
                                "route run in " + run + " failed with IllegalStateException: the own step is not ready")
                        .doesNotContain("\tat ");
            }
        }
    }

    /** A copy of the packaged routes for changes. */
    private static Path ownRoutes(Path routes) throws IOException {
        Files.createDirectory(routes);
        try (Stream<Path> packed = Files.list(Path.of("routes"))) {
            for (Path each : packed.toList()) {
                Files.copy(each, routes.resolve(each.getFileName()));
            }
        }
        return routes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "check"})
    void aMissingRouteIsReported(String command) throws Exception {
        CommandResult result = withRoute(command, "20-run.camel.yaml", "# switched off\n");
        assertThat(result.err()).contains("no route begins at direct:run, which each sync calls");
    }

    @Test
    void anUnusableDataFolderIsReportedWithItsFix() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Files.writeString(site.data(), "a file");
            CommandResult result = site.run("sync");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains(site.data().toString(), "--data").doesNotContain("\tat ");
        }
    }

    @Test
    void anInvalidDatabaseFileIsReported() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Files.createDirectory(site.data());
            Files.writeString(site.data().resolve("relay.db"), "not a database at all, ".repeat(100));
            CommandResult result = site.run("sync");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("relay.db").doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync", "reports list", "doctor"})
    void aDataFolderOfADevelopmentVersionIsReportedWithItsFixAndNotChanged(String command) throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            FormerStore.into(site.data());
            Map<String, String> before = FormerStore.content(site.data());
            boolean doctor = command.equals("doctor");
            // The second attempt gives the same error, which shows that the first attempt released the folder.
            for (int times = 0; times < 2; times++) {
                CommandResult result = site.run(command.split(" "));
                assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(doctor ? 2 : 1);
                assertThat(doctor ? result.out() : result.err())
                        .contains(
                                "data folder " + site.data() + " was written by an earlier snapshot",
                                doctor
                                        ? "→ move the data folder to another place"
                                        : "mv " + site.data() + " " + site.data() + ".old")
                        .doesNotContain("\tat ", "former-print", "relay-secret-1");
            }
            assertThat(FormerStore.content(site.data())).isEqualTo(before);
        }
    }

    private CommandResult withRoute(String command, String yaml) throws Exception {
        return withRoute(command, "90-mine.camel.yaml", yaml);
    }

    private CommandResult withRoute(String command, String name, String yaml) throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(routes.resolve(name), yaml);
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            CommandResult result = site.run(command, "--routes", routes.toString());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .contains("The routes in " + routes, "Nothing was started.")
                    .doesNotContain("\tat ");
            return result;
        }
    }

    private CommandResult command(String name) {
        return CommandResult.of(
                name,
                "--config",
                folder.resolve("config").toString(),
                "--data",
                folder.resolve("data").toString());
    }
}
