package io.licenserelay.evidence.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.TestSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingProbeIT {
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    @TempDir
    Path folder;

    @Test
    void theProbeIsOffUnlessConfigured() {
        ProbeResult result =
                new PingProbe().run(TestSite.at("https://127.0.0.1").target(), Deadline.in(Duration.ofSeconds(2)));
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("off");
    }

    @Test
    void theAnswerTimeOfAHostIsMeasured() throws Exception {
        assumeTrue(mayPing(), "needs CAP_NET_RAW or the ping command");
        ProbeResult result = run(new PingProbe(), "127.0.0.1");
        assertThat(result.status()).as("%s", result).isEqualTo(Status.OK);
        assertThat(result.reason()).isEqualTo("ok");
        assertThat(result.millis()).containsOnlyKeys("wait");
        assertThat(result.details()).containsEntry("address", "127.0.0.1").containsKey("by");
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void aHostThatDoesNotAnswerIsReported() throws Exception {
        assumeTrue(mayPing(), "needs CAP_NET_RAW or the ping command");
        // Reserved (RFC 1112): no host has this address.
        ProbeResult result = run(new PingProbe(), "240.0.0.1");
        assertThat(result.reason()).as("%s", result).isEqualTo("no-reply");
        assertThat(result.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void theProbeIsSkippedWithoutPrivilegeAndCommand() throws Exception {
        ProbeResult result = run(new PingProbe(status("0000000000000000"), List.of(folder)), "127.0.0.1");
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("not-permitted");
    }

    @ParameterizedTest
    @CsvSource({"0, OK, ok", "1, FAILED, no-reply", "2, ERROR, broken"})
    void withoutPrivilegeTheSystemsCommandIsUsed(int code, Status status, String reason) throws Exception {
        ping("[ \"$*\" = '-n -q -c 1 -W 2 127.0.0.1' ] || exit 9; exit " + code);
        ProbeResult result = run(new PingProbe(status("0000000000000000"), List.of(folder)), "127.0.0.1");
        assertThat(result.status()).as("%s", result).isEqualTo(status);
        assertThat(result.reason()).isEqualTo(reason);
    }

    @Test
    void aHangingCommandIsEnded() throws Exception {
        ping("exec sleep 60");
        PingProbe probe = new PingProbe(status("0000000000000000"), List.of(folder));
        ProbeResult result =
                probe.run(TestSite.at("https://127.0.0.1").pinging().target(), Deadline.in(Duration.ofMillis(300)));
        assertThat(result.reason()).isEqualTo("no-reply");
    }

    @Test
    void theCommandGetsNoRelayEnvironment() throws Exception {
        assertThat(System.getenv())
                .as("any environment variable may contain a secret")
                .containsKey("HOME");
        Path environment = folder.resolve("seen");
        ping("/usr/bin/env > '" + environment + "'");
        run(new PingProbe(status("0000000000000000"), List.of(folder)), "127.0.0.1");
        // The shell that runs the script sets further variables.
        assertThat(Files.readAllLines(environment))
                .extracting(line -> line.replaceFirst("=.*", ""))
                .contains("PATH", "LC_ALL")
                .isSubsetOf("PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_");
    }

    @Test
    void theProbeIsSkippedIfTheNameDoesNotResolve() throws Exception {
        ping("exit 0");
        ProbeResult result = run(new PingProbe(status("0000000000000000"), List.of(folder)), "ssm.relay.invalid");
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("dns");
    }

    private static ProbeResult run(PingProbe probe, String host) {
        return probe.run(TestSite.at("https://" + host).pinging().target(), Deadline.in(Duration.ofSeconds(5)));
    }

    private static boolean mayPing() throws IOException {
        return Files.isExecutable(Path.of("/bin/ping"))
                || Files.readAllLines(OWN_STATUS).stream()
                        .filter(line -> line.startsWith("CapEff:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> 13 & 1) == 1);
    }

    private Path status(String capabilities) throws IOException {
        return Files.writeString(folder.resolve("status"), "Name:\tjava\nCapEff:\t" + capabilities + "\n");
    }

    private void ping(String script) throws IOException {
        Path ping = Files.writeString(folder.resolve("ping"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(ping, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
