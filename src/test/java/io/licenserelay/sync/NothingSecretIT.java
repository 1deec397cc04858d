package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** No secret reaches a topic or the disk, even if servers and logs contain it. */
class NothingSecretIT extends ScenarioIT {
    private static final String SECRET = "Zq7+x/Kp=&%9Lw{m}Ää";
    private static final String PASSWORD = "hunter two/42&Ö=";

    @Test
    void topicsAndDatabaseContainNoSecretThatServersAndLogsRepeat() throws Exception {
        Path log = Files.write(
                folder.resolve("messages"),
                List.of(
                        "sent client_secret=" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
                        "login operator / " + PASSWORD + " refused",
                        "Authorization: Basic " + base64("relay:" + SECRET)));
        List<String> tokens;
        byte[] records;
        try (SsmSimulator ssm = simulator()
                        .client(ApiClient.of("relay", SECRET, Grant.PASSWORD))
                        .user("operator", PASSWORD)
                        .start();
                TempRelay relay = relay(ssm)
                        .passwordGrant()
                        .site("logs", "[ { name: ssm, path: '" + log + "' } ]")
                        .environment("SSM_CLIENT_SECRET", SECRET)
                        .environment("SSM_PASSWORD", PASSWORD)) {
            relay.start();
            failWith(ssm, relay, "resource", "token");
            failWith(ssm, relay, "resource", "licenses");
            failWith(ssm, relay, "resource", "accounts", "status", 500);
            ssm.user("operator", "another");
            ssm.revokeTokens();
            relay.sync();
            assertThat(relay.failures()).hasSizeGreaterThanOrEqualTo(4);
            tokens = ssm.requests().newest().stream()
                    .flatMap(request -> request.headers().getOrDefault("authorization", List.of()).stream())
                    .map(header -> header.substring("Bearer ".length()))
                    .distinct()
                    .toList();
            records = allRecords(relay);
        }
        byte[] all = join(records, files(folder.resolve("data")));
        assertThat(new String(all, StandardCharsets.UTF_8)).contains("cannot handle", "LIC");
        assertThat(tokens).isNotEmpty();
        Stream.concat(Stream.of(SECRET, PASSWORD), tokens.stream())
                .flatMap(NothingSecretIT::encodings)
                .forEach(form -> assertThat(contains(all, form)).as(form).isFalse());
    }

    private static void failWith(SsmSimulator ssm, TempRelay relay, Object... echo) throws Exception {
        ssm.faults().set("echo", echo);
        assertThat(relay.sync().outcome()).isEqualTo("failed");
        ssm.faults().clear();
        assertThat(relay.sync().outcome()).isEqualTo("complete");
    }

    private static Stream<String> encodings(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        String formEncoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return Stream.of(
                secret,
                formEncoded,
                formEncoded.replace("+", "%20"),
                base64(secret),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                base64("relay:" + secret));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] allRecords(TempRelay relay) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Topic topic : Topic.values()) {
            for (ConsumerRecord<String, byte[]> record : RealKafka.records(relay.topic(topic))) {
                all.write(record.key().getBytes(StandardCharsets.UTF_8));
                all.write(record.value() == null ? new byte[0] : record.value());
                record.headers().forEach(header -> all.writeBytes(header.value()));
            }
        }
        return all.toByteArray();
    }

    private static byte[] files(Path data) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.write(Files.readAllBytes(file));
            }
        }
        return all.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static boolean contains(byte[] all, String form) {
        // One character per byte, so that binary content is read without loss.
        String text = new String(all, StandardCharsets.ISO_8859_1);
        return text.contains(new String(form.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
}
