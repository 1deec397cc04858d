package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The password of a shared database appears in no output and no file, also if the database cannot be used. */
class StorePasswordIT {
    private static final String PASSWORD = "Zq7+x/Kp=&%9Lw-store";

    @TempDir
    Path folder;

    private ClusterMachines cluster;
    private ClusterMachines.Machine machine;

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterMachines(folder, List.of("hq"));
        machine = cluster.machine("node-1");
        Files.writeString(folder.resolve("store-secret"), PASSWORD + "\n");
        cluster.createTopics();
    }

    @AfterEach
    void close() throws Exception {
        cluster.close();
    }

    @Test
    void noOutputOfADiagnosisHasThePassword() throws Exception {
        machine.start();
        assertThat(machine.run("sync").exitCode()).isZero();
        for (String[] command : new String[][] {
            {"doctor"},
            {"doctor", "--json"},
            {"compat"},
            {"check"},
            {"requirements"},
            {"cluster", "--json"},
            {"incidents", "--json"}
        }) {
            assertWithoutPassword(machine.run(command), command);
        }
        machine.stop();
        assertWithoutPassword(machine.data());
    }

    @ParameterizedTest
    @CsvSource({"jdbc:postgresql://[^/]+/, jdbc:postgresql://localhost:1/", "user: postgres, user: nobody"})
    void aDatabaseThatCannotBeUsedIsReportedWithoutThePassword(String right, String wrong) throws Exception {
        Path yaml = folder.resolve("node-1/config/relay.yaml");
        Files.writeString(yaml, Files.readString(yaml).replaceAll(right, wrong));
        CommandResult doctor = machine.run("doctor");
        assertThat(doctor.out()).contains("cannot be used");
        assertWithoutPassword(doctor, "doctor");
        for (String[] command : new String[][] {
            {"doctor", "--json"}, {"compat"}, {"sync"}, {"incidents"}, {"cluster"}, {"reports", "list"}
        }) {
            CommandResult result = machine.run(command);
            assertWithoutPassword(result, command);
        }
    }

    private static void assertWithoutPassword(CommandResult result, String... command) {
        assertThat(result.out() + result.err()).as(String.join(" ", command)).isNotEmpty();
        forms().forEach(form -> assertThat(result.out() + result.err())
                .as(String.join(" ", command))
                .doesNotContain(form));
    }

    private static void assertWithoutPassword(Path data) throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                forms().forEach(form -> assertThat(text).as(file.toString()).doesNotContain(form));
            }
        }
    }

    private static Stream<String> forms() {
        return Stream.of(
                PASSWORD,
                URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8)));
    }
}
