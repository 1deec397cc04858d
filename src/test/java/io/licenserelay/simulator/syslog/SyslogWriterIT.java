package io.licenserelay.simulator.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.Https;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.ssm.SsmSimulatorBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogWriterIT {
    private static final String STAMP = "[A-Z][a-z]{2} [ 123]\\d \\d\\d:\\d\\d:\\d\\d SSM-On-Prem ";

    @Test
    void requestsAreLoggedInTheFormatsOfTheRealHost(@TempDir Path dir) throws Exception {
        try (SsmSimulator ssm = simulator(dir).start()) {
            Https https = new Https(ssm);
            https.token("id", "wrong secret");
            assertThat(messages(dir))
                    .anyMatch(line -> line.matches(STAMP + "1a1fca641d0a: method=POST path=/oauth/token format=json"
                            + " controller=Doorkeeper::TokensController action=create status=401"))
                    .anyMatch(line -> line.matches(STAMP
                            + "504f06c0d581: 127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:[\\d:]{8} \\+0000\\]"
                            + " \"POST /oauth/token HTTP/1\\.1\" 401 \\d+"))
                    .anyMatch(line -> line.contains("Ready to accept connections"))
                    .noneMatch(line -> line.contains("wrong"));
        }
    }

    @Test
    void nginxLogsAnErrorWhenAServiceIsDown(@TempDir Path dir) throws Exception {
        try (SsmSimulator ssm = simulator(dir).start()) {
            ssm.faults().set("bad-gateway");
            new Https(ssm).form("/oauth/token");
            assertThat(messages(dir))
                    .anyMatch(line -> line.matches(STAMP
                            + "504f06c0d581: [\\d/]{10} [\\d:]{8} \\[error\\] 47#47: \\*1576 connect\\(\\) failed \\(111:"
                            + " Connection refused\\) while connecting to upstream, client: 127\\.0\\.0\\.1, .*"));
        }
    }

    @Test
    void nginxLogsTheRequestAndTheSubrequestThatFailed(@TempDir Path dir) throws Exception {
        try (SsmSimulator ssm = simulator(dir).start()) {
            ssm.faults().set("service-down");
            new Https(ssm).form("/oauth/token");
            assertThat(messages(dir))
                    .anyMatch(line -> line.endsWith("request: \"POST /oauth/token HTTP/1.1\", subrequest:"
                            + " \"/sessions/get_user\", upstream: \"http://127.0.0.1:6379\""));
        }
    }

    @Test
    void aClockSkewChangesTheTimestamps(@TempDir Path dir) throws Exception {
        try (SsmSimulator ssm = simulator(dir).start()) {
            ssm.faults().set("clock-skew", "seconds", 400 * 86400);
            assertThat(messages(dir)).anyMatch(line -> line.contains("System clock wrong by -34560000.000000 seconds"));
            int year = java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC)
                    .plusDays(400)
                    .getYear();
            new Https(ssm).get("/");
            assertThat(messages(dir)).anyMatch(line -> line.contains("/" + year + ":"));
        }
    }

    @Test
    void theFileIsRotatedAtItsMaximumSize(@TempDir Path dir) throws Exception {
        try (SsmSimulator ssm = simulator(dir).logSize(2000).start()) {
            Https https = new Https(ssm);
            for (int i = 0; i < 30; i++) {
                https.get("/");
            }
        }
        assertThat(Files.size(dir.resolve("messages"))).isLessThanOrEqualTo(2000);
        assertThat(Files.size(dir.resolve("messages.1"))).isLessThanOrEqualTo(2000);
    }

    private static SsmSimulatorBuilder simulator(Path dir) {
        return SsmSimulator.builder().logs(dir).client("id", "secret", Grant.CLIENT_CREDENTIALS);
    }

    private static List<String> messages(Path dir) throws IOException {
        return Files.readAllLines(dir.resolve("messages"));
    }
}
