package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.fixture.PcapWriter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor on the published log files, capture and message of a real case. Each test covers one misleading detail of these files. */
class DoctorFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The files were copied long after the failure. */
    private static final Instant COPIED = Instant.parse("2026-07-01T00:00:00Z");

    @TempDir
    Path folder;

    private Path manager = Path.of("");
    private Path ssm = Path.of("");
    private Path capture = Path.of("");
    private String message = "";

    @BeforeEach
    void copyPublishedFiles() throws Exception {
        manager = seed("vmanage-server.log");
        ssm = seed("messages");
        capture = seed("tcpdump.txt");
        message = Files.readString(seed("message.txt"));
    }

    @Test
    void theReportFitsOnAPageAndClaimsNoProof() {
        CommandResult result = allFiles();
        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out().lines().count()).isLessThan(60);
        assertThat(words(result)).contains("It failed at 2023-01-13T11:59:03.490Z (from the Manager's log).");
        assertThat(result.out()).doesNotContain("proven");
    }

    @Test
    void trap1TheStatus200BelongsToAnotherClient() {
        assertThat(words(allFiles()))
                .contains(
                        "SSM's 200 for POST /oauth/token belongs to another client (10.66.76.85; the Manager is 10.66.76.81"
                                + " / 192.168.10.1), so it proves nothing about the Manager")
                .contains("it does not contain SSM's answer to the Manager");
        assertThat(words(files("--ssm-log", ssm.toString())))
                .contains("it is unknown whether that is the Manager (set --client ADDRESS)");
    }

    @Test
    void trap2NoLineOfTheSsmLogCoversTheFailure() {
        assertThat(words(allFiles()))
                .contains(
                        "no line covers the failure at 2023-01-13T11:59:03.490Z: the newest is of 2023-01-13T11:17:14Z");
    }

    @Test
    void trap3TheDateWithinALineContradictsItsTimestamp() {
        assertThat(words(allFiles()))
                .contains(
                        "a timestamp within a line (2023-07-13) contradicts the line's own timestamp (2023-01-13), which is used");
    }

    @Test
    void trap4IncorrectChecksumsAreCausedByOffload() {
        assertThat(words(files("--pcap", capture.toString())))
                .contains("4 incorrect checksum(s) are all of 192.168.10.1", "(offload): no corruption");
    }

    @Test
    void trap5TheNetworkIsRuledOutButTlsIsNotJudgedFromATextCapture() {
        String words = words(files("--pcap", capture.toString(), "--at", "2023-01-13T12:15:06Z"));
        assertThat(words)
                .contains("in 244.2 ms", "366 bytes were sent to 10.106.66.55:8443 and 1594 were received")
                .contains("LIC1001 LIC1002 LIC1003 LIC1004 by capture.handshake-well")
                .contains("it cannot show TLS and its handshake")
                .doesNotContain("LIC2001 ");
        assertThat(words(allFiles()))
                .contains("692 ms after its request: an immediate answer, not a timeout")
                .contains("LIC2001 LIC2002 LIC2003 LIC2005 by message.token-answer");
    }

    @Test
    void trap6TheMisspelledCloudNameIsNotNeeded() {
        CommandResult result = files("--message", "ping cloudssso.cisco.com: Name or service not known");
        assertThat(words(result))
                .contains("cloudssso.cisco.com is probably a misspelling of cloudsso.cisco.com")
                .contains("In on-prem mode the Manager needs neither");
        assertThat(words(files("--message", "cannot resolve cloudsso.cisco.com", "--pcap", capture.toString())))
                .contains("in on-prem mode the Manager does not need cloudsso.cisco.com")
                .doesNotContain("misspelling");
    }

    @Test
    void trap7TheRefusalInsideSsmIsASeparateCandidate() {
        assertThat(words(allFiles()))
                .contains("SSM's nginx was refused by http://127.0.0.1:6379, 42 minutes before the failure")
                .contains("A service inside SSM refuses connections (LIC4002, possible by"
                        + " ssm-log.upstream-refused-earlier)");
    }

    @Test
    void trap8TheTruncatedWordProvesNoneOfFourErrors() throws Exception {
        assertThat(words(allFiles()))
                .contains(
                        "invalid_client, invalid_grant, invalid_request, invalid_scope begin like this, and it proves none of them");
        JsonNode diagnosis = json().path("diagnosis");
        assertThat(diagnosis.path("code").asText()).isEqualTo("LIC3002");
        assertThat(diagnosis.findValuesAsText("confidence")).containsOnly("possible");
        assertThat(diagnosis.path("others").findValuesAsText("code")).contains("LIC3001", "LIC3003", "LIC4002");
    }

    @Test
    void trap9TheTimeZoneIstIsNotGuessed() {
        CommandResult without = files("--manager-log", manager.toString());
        assertThat(words(without)).contains("IST", "--zone, for example Asia/Kolkata", "It failed at an unknown time");
        assertThat(words(files("--manager-log", manager.toString(), "--zone", "Asia/Kolkata")))
                .contains("It failed at 2023-01-13T11:59:03.490Z");
        assertThat(words(files("--manager-log", manager.toString(), "--zone", "Asia/Jerusalem")))
                .contains("It failed at 2023-01-13T15:29:03.490Z");
    }

    @Test
    void trap10IncompleteTimestampsAreReported() throws Exception {
        assertThat(words(allFiles()))
                .contains("the capture's timestamps have no date and no time zone")
                .contains(
                        "16 min after the failure if that is UTC",
                        "5 h 13 min before the failure if it is Asia/Kolkata");
        assertThat(json().path("timeline").toString()).contains("2023-01-13T11:17:01Z ssm ");
    }

    @Test
    void trap11TheStatus403OfTheGuiBelongsToTheManager() {
        assertThat(words(files("--message", message + " (error 403 in the GUI)", "--ssm-log", ssm.toString())))
                .contains("a 403 in the Manager's GUI is the Manager's own status, not SSM's");
        assertThat(words(files("--message", "403 Forbidden"))).contains("the Manager's own status, not SSM's");
    }

    @Test
    void theOptionAtOverridesTheTimeOfTheLog() {
        assertThat(words(files("--ssm-log", ssm.toString(), "--at", "2023-01-13T11:17:02Z")))
                .contains("It failed at 2023-01-13T11:17:02Z (from --at).")
                .doesNotContain("no line covers");
    }

    @Test
    void aCaptureOfAnotherTimeShowsAnotherAttempt() throws Exception {
        Path pcap =
                PcapWriter.at(Instant.parse("2023-01-13T12:15:06Z")).opened(5).write(folder.resolve("a.pcap"));
        assertThat(words(files("--pcap", pcap.toString(), "--at", "2023-01-13T11:59:03Z")))
                .contains("16 min after the failure: it shows another attempt, not the one that failed");
    }

    @Test
    void aRefusedConnectionInACaptureIsTheCause() throws Exception {
        Path pcap = PcapWriter.at(COPIED)
                .client(PcapWriter.SYN)
                .server(PcapWriter.RST | PcapWriter.ACK)
                .write(folder.resolve("a.pcap"));
        CommandResult result = files("--pcap", pcap.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(words(result)).contains("1. The server refuses the connection (LIC1003, proven by capture.refused)");
    }

    @Test
    void filesWithoutAFailureAreReportedWithoutErrors() {
        CommandResult result = files("--pcap", capture.toString());
        assertThat(result.exitCode()).isZero();
        assertThat(words(result))
                .contains("The files show no failure and no time of a failure")
                .doesNotContain("LIC9999");
    }

    @Test
    void anUnreadableFileIsReported() {
        Path none = folder.resolve("none.log");
        for (String option : List.of("--manager-log", "--pcap", "--ssm-log")) {
            CommandResult result = files(option, none.toString());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains(none + " cannot be read: the file does not exist");
        }
        assertThat(files("--pcap", ssm.toString()).err()).contains("no TCP packet");
    }

    @Test
    void customLogPatternsAreAppliedToTheFiles() throws Exception {
        Path overlay = Files.createDirectories(folder.resolve("none/diagnoses.d"));
        Files.writeString(overlay.resolve("10-own.yaml"), """
                logs:
                  - { finding: local.sessions, source: ssm, pattern: Session expiring, phrase: SSM ended sessions }
                causes:
                  - code: LOCAL0001
                    title: SSM ends sessions
                    severity: warning
                    owner: ssm
                    when: [ { all: [local.sessions], confidence: proven } ]
                    remedy: [Wait.]
                    explain: SSM ends sessions.
                """);
        CommandResult result = files("--ssm-log", ssm.toString(), "--ssm-zone", "UTC", "--at", "2023-01-13T11:17:30Z");
        assertThat(words(result))
                .contains(
                        "log ssm: at 2023-01-13T11:17:14Z SSM ended sessions", "SSM ends sessions (LOCAL0001, proven");
        assertThat(words(files("--ssm-log", ssm.toString(), "--ssm-zone", "UTC", "--at", "2023-01-13T11:59:03Z")))
                .doesNotContain("LOCAL0001");
    }

    @Test
    void secretsInTheFilesAreNotPrinted() throws Exception {
        Path log = folder.resolve("with-secret.log");
        Files.writeString(
                log, Files.readString(manager).replace("Failed to", "Failed to client_secret=hunter2-secret"));
        CommandResult result = files("--manager-log", log.toString(), "--zone", "Asia/Kolkata");
        CommandResult asJson = files("--manager-log", log.toString(), "--zone", "Asia/Kolkata", "--json");
        assertThat(result.out()).doesNotContain("hunter2-secret");
        assertThat(asJson.out()).contains("client_secret=***").doesNotContain("hunter2-secret");
    }

    private CommandResult allFiles(String... moreOptions) {
        List<String> options = new ArrayList<>(List.of("--manager-log", manager.toString(), "--zone", "Asia/Kolkata"));
        options.addAll(List.of("--ssm-log", ssm.toString(), "--ssm-zone", "UTC", "--pcap", capture.toString()));
        options.addAll(List.of("--message", message, "--client", "10.66.76.81"));
        options.addAll(List.of(moreOptions));
        return files(options.toArray(String[]::new));
    }

    private JsonNode json() throws Exception {
        return JSON.readTree(allFiles("--json").out());
    }

    private CommandResult files(String... options) {
        List<String> all = new ArrayList<>(
                List.of("doctor", "--config", folder.resolve("none").toString()));
        all.addAll(List.of(options));
        return CommandResult.of(all.toArray(String[]::new));
    }

    private static String words(CommandResult result) {
        return result.out().replaceAll("\\s+", " ");
    }

    private Path seed(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(DoctorFilesTest.class.getResourceAsStream("/seed/" + name))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Files.setLastModifiedTime(Files.writeString(folder.resolve(name), text), FileTime.from(COPIED));
        }
    }
}
