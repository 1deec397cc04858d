package io.licenserelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.RelayProcess;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code simulate} reports in one line why it cannot start. The site that it prints is valid in relay.yaml. */
class SimulateCommandIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--control-port"})
    void theErrorNamesThePortInUseAndTheFix(String option) throws Exception {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String other = option.equals("--port") ? "--control-port" : "--port";
            String port = Integer.toString(occupied.getLocalPort());
            assertFailed(1, "port " + port, CommandResult.of("simulate", option, port, other, "0"));
        }
    }

    @Test
    void theErrorNamesTheUnknownHostAndTheFix() {
        assertFailed(
                2,
                "--host no-such-host.invalid does not resolve",
                CommandResult.of("simulate", "--host", "no-such-host.invalid"));
    }

    @Test
    void theErrorNamesTheCaFileThatCannotBeWrittenAndTheFix() {
        String file = folder.resolve("missing/ca.pem").toString();
        assertFailed(
                1,
                "cannot be written to " + file,
                CommandResult.of("simulate", "--port", "0", "--control-port", "0", "--ca", file));
    }

    private static void assertFailed(int exitCode, String message, CommandResult result) {
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err()).contains(message).containsIgnoringCase("set ").doesNotContain("\tat ", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_credentials", "password"})
    void thePrintedSiteIsValidForBothGrantsAndAStopExitsWithZero(String grant) throws Exception {
        Path ca = folder.resolve("ca.pem");
        List<String> command = new ArrayList<>(List.of("env", "SECRET=s3cret"));
        command.addAll(RelayProcess.command(
                "simulate",
                "--port=0",
                "--control-port=0",
                "--client=relay:env:SECRET:" + grant,
                "--user=admin:env:SECRET",
                "--ca=" + ca));
        try (RelayProcess simulator = RelayProcess.start(folder, command)) {
            await().atMost(Duration.ofMinutes(3))
                    .failFast("the simulator ended", () -> !simulator.isAlive())
                    .until(() -> simulator.out().contains("trust: "));
            assertThat(simulator.terminate()).isZero();
            String yaml = simulator.out().replaceFirst("(?s).*For relay.yaml:\\R", "");
            Files.writeString(folder.resolve("relay.yaml"), yaml);
            assertThat(Configuration.read(folder, Map.of("SECRET", "s3cret"), Map.of())
                            .sites()
                            .get(0)
                            .ssm()
                            .grant())
                    .isEqualTo(Grant.valueOf(grant.toUpperCase(Locale.ROOT)));
        }
    }
}
