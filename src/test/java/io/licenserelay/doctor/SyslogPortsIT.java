package io.licenserelay.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.OneSite;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.evidence.logs.format.ReceivedFormat;
import io.licenserelay.store.DataFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What check and doctor report about a log that the relay receives by syslog. */
class SyslogPortsIT {
    @TempDir
    Path folder;

    @Test
    void aFreePortIsReportedAsOk() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            int port = freePort();
            configureSyslog(site, port);
            CommandResult check = site.run("check");
            assertThat(check.exitCode()).as(check.out()).isZero();
            assertThat(check.out())
                    .contains("✓ hq syslog ssm: 127.0.0.1:" + port
                            + "/udp+tcp is free: license-relay run listens there; no message has arrived yet");
            CommandResult doctor = site.run("doctor");
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(doctor.out()).contains("✓ hq syslog ssm ", "– hq log ssm ", "no message received yet");
        }
    }

    @Test
    void aPortInUseByAnotherProcessIsReportedAsErrorWithItsFix() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configureSyslog(site, taken.getLocalPort());
            CommandResult check = site.run("check");
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.out())
                    .contains("✗ hq syslog ssm: 127.0.0.1:" + taken.getLocalPort() + "/udp+tcp: ", "set another port");
            CommandResult doctor = site.run("doctor");
            assertThat(doctor.exitCode()).isEqualTo(2);
            assertThat(doctor.out()).contains("✗ hq syslog ssm ", "ss -lntup | grep :" + taken.getLocalPort());
        }
    }

    @Test
    void aPortOfTheRunningRelayIsReportedWithItsLastMessage() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ServerSocket own = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DataFolder held = DataFolder.take(site.data()).orElseThrow()) {
            Path log = configureSyslog(site, own.getLocalPort());
            assertThat(held.path()).isEqualTo(site.data());
            assertThat(site.run("doctor").out())
                    .contains("! hq syslog ssm ", "no message has arrived yet", "→ configure SSM to send");
            Files.writeString(
                    log,
                    ReceivedFormat.line(
                                    Instant.parse("2026-01-13T11:17:14.250Z"),
                                    InetAddress.getLoopbackAddress(),
                                    "<13>x")
                            + "\n");
            assertThat(site.run("doctor").out())
                    .contains(
                            "✓ hq syslog ssm ",
                            "the relay listens; the last message arrived at 2026-01-13T11:17:14.250Z");
        }
    }

    private Path configureSyslog(OneSite site, int port) throws Exception {
        Path log = folder.resolve("ssm.log");
        site.files()
                .site(
                        "logs",
                        "[{ name: ssm, source: syslog, bind: 127.0.0.1, port: " + port + ", path: '" + log + "' }]");
        new TopicSetup(site.write()).ensure();
        return log;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
