package io.licenserelay.evidence.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.fixture.PcapWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses a script instead of tcpdump, because capturing needs a permission that a build does not have. */
class CaptureProbeIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void theCaptureIsStoredWithItsDigestAndItsFindingsAreReported() throws Exception {
        Path pcap =
                PcapWriter.at(Instant.parse("2026-01-13T12:00:00Z")).opened(5).write(folder.resolve("made.pcap"));
        ProbeResult result = run(script("cat '" + pcap + "'; echo listening on lo >&2; exec sleep 30"));

        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.details()).containsEntry("packets", 3L).containsKey("sha256");
        assertThat(result.findings()).extracting(Finding::name).containsExactly("capture.handshake-well");
        assertThat(captures().resolve(String.valueOf(result.details().get("file"))))
                .hasSameBinaryContentAs(pcap);
    }

    @Test
    void onlyTheProbesOwnRequestIsCaptured() throws Exception {
        Path arguments = folder.resolve("arguments");
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            run(
                    script("echo \"$@\" > '" + arguments + "'; echo listening >&2; echo listening on lo >&2"),
                    server.getLocalPort());
            assertThat(Files.readString(arguments))
                    .startsWith("-i lo -nn -U --immediate-mode -s 1600 -c 50 -w - host 127.0.0.1 and port "
                            + server.getLocalPort() + " and port ");
        }
    }

    @Test
    void theProbeIsSkippedWithTheReasonIfPermissionOrProgramIsMissing() throws Exception {
        ProbeResult refused =
                run(script("echo 'lo: You do not have permission to capture on that device' >&2; exit 1"));
        assertThat(refused.status()).isEqualTo(Status.SKIPPED);
        assertThat(refused.reason()).isEqualTo("not-permitted");
        assertThat(String.valueOf(refused.details().get("error"))).contains("You do not have permission");
        ProbeResult missing = run(folder.resolve("no-such-program").toString());
        assertThat(missing.status()).isEqualTo(Status.SKIPPED);
        assertThat(missing.reason()).isEqualTo("no-tcpdump");
        try (Stream<Path> kept = Files.list(captures())) {
            assertThat(kept).isEmpty();
        }
    }

    @Test
    void theProgramGetsNoRelayEnvironmentAndOnlyTheOwnerMayReadTheCapture() throws Exception {
        Path environment = folder.resolve("seen");
        run(script("/usr/bin/env > '" + environment + "'; echo listening on lo >&2; exec sleep 30"));
        assertThat(Files.readAllLines(environment))
                .extracting(line -> line.replaceFirst("=.*", ""))
                .contains("PATH", "LC_ALL")
                .isSubsetOf("PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_");
        try (Stream<Path> kept = Files.list(captures())) {
            assertThat(kept.map(CaptureProbeIT::mode).toList()).containsExactly("rw-------");
        }
        assertThat(mode(captures())).isEqualTo("rwx------");
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProbeResult run(String command) throws Exception {
        return run(command, 9);
    }

    private ProbeResult run(String command, int port) {
        Site base = TestSite.at("http://127.0.0.1:" + port).site();
        Site site = new Site(
                base.name(),
                base.labels(),
                base.ssm(),
                base.accounts(),
                base.schedule(),
                base.parallel(),
                base.guard(),
                base.reports(),
                base.manager(),
                base.logs(),
                new Site.Probing(Duration.ofSeconds(5), false, null, new Site.Capturing("lo", 2, 50)));
        return new CaptureProbe(captures(), command, Clock.systemUTC())
                .run(new ProbeTarget(site, null), Deadline.in(Duration.ofSeconds(5)));
    }

    private Path captures() {
        return folder.resolve("captures");
    }

    private String script(String body) throws Exception {
        Path script = Files.writeString(folder.resolve("capture.sh"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }
}
