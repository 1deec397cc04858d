package io.licenserelay.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.OneSite;
import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompatCommandIT {
    @TempDir
    Path folder;

    @Test
    void theOutputHasPathStatusAndFieldNamesOfAnswersButNoValues() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            site.ssm().faults().set("forbidden", "resource", "devices");
            CommandResult result = site.run("compat", "--json", "--ssm-version", "9-202406");
            assertThat(result.exitCode()).as(result.err()).isZero();
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.path("ssm").asText()).isEqualTo("9-202406");
            JsonNode licenses = answer(json, "ssm-onprem", "licenses");
            assertThat(licenses.path("status").asInt()).isEqualTo(200);
            assertThat(licenses.path("request").asText()).isEqualTo("POST /api/v1/accounts/{account}/licenses");
            assertThat(licenses.path("fields").toString())
                    .contains("licenses[].inUse: number", "licenses[].license: text");
            JsonNode devices = answer(json, "ssm-onprem", "devices");
            assertThat(devices.path("status").asInt()).isEqualTo(403);
            assertThat(devices.path("error").asText()).isEqualTo("http.403");
            assertThat(json.path("answers"))
                    .anyMatch(each -> each.path("request").asText().contains("/backend/"));
            assertThat(result.out()).doesNotContain("ACME", "DNA Advantage", "relay-secret-1", "localhost");

            CommandResult text = site.run("compat");
            assertThat(text.out())
                    .contains("licenses  POST /api/v1/accounts/{account}/licenses  (ssm-onprem)", "  403  http.403")
                    .doesNotContain("ACME", "DNA Advantage", "relay-secret-1", "localhost");
        }
    }

    @Test
    void aPasswordIsSentAtMostOnce() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Path password = Files.writeString(folder.resolve("password"), "wrong-password-1");
            site.files().ssm("grant", "password").ssm("user", "{ name: operator, password: 'file:" + password + "' }");
            site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD));
            site.write();
            CommandResult result = site.run("compat");
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(1);
            assertThat(result.out()).contains("token  POST /oauth/token", "400").doesNotContain("wrong-password-1");

            CommandResult again = site.run("compat");
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(1);
            assertThat(again.out()).contains("no password was sent now, --try-password sends it once");
            JsonNode json =
                    new ObjectMapper().readTree(site.run("compat", "--json").out());
            assertThat(json.at("/answers/0/withheldSince").asText()).endsWith("Z");
            site.run("compat", "--try-password");
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(2);
        }
    }

    @Test
    void anUnreachableServerIsReported() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            site.ssm().faults().set("refuse");
            CommandResult result = site.run("compat");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).contains("no answer", "tcp.refused");
        }
    }

    @Test
    void aTokenReflectedByTheServerIsNotShown() throws Exception {
        String token = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
        ServerCertificate certificate = CertificateAuthority.selfSigned("localhost");
        HttpsServer reflecting = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        reflecting.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext()));
        reflecting.createContext("/", exchange -> {
            boolean grant = exchange.getRequestURI().getPath().equals("/oauth/token");
            byte[] body = (grant
                            ? "{\"access_token\":\"" + token + "\",\"token_type\":\"bearer\",\"expires_in\":600}"
                            : "{\"t" + token + "\":\"x\",\"access_token\":\"x\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Server", "you sent " + token);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        reflecting.start();
        try (OneSite site = OneSite.in(folder)) {
            site.files()
                    .ssm("url", "https://localhost:" + reflecting.getAddress().getPort())
                    .ssm(
                            "trust",
                            certificate
                                    .writeTo(folder.resolve("reflecting.pem"))
                                    .toString());
            site.write();
            for (CommandResult result : List.of(site.run("compat"), site.run("compat", "--json"))) {
                assertThat(result.out())
                        .contains("you sent ***", "access_token: text")
                        .doesNotContain(token, token.substring(8));
            }
        } finally {
            reflecting.stop(0);
        }
    }

    private static JsonNode answer(JsonNode json, String api, String resource) {
        return StreamSupport.stream(json.path("answers").spliterator(), false)
                .filter(each -> each.path("api").asText().equals(api)
                        && each.path("resource").asText().equals(resource))
                .findFirst()
                .orElseThrow(() -> new AssertionError(json.toPrettyString()));
    }
}
