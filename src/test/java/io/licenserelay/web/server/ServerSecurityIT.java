package io.licenserelay.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests the server accepts from whom, and what every answer has. */
class ServerSecurityIT {
    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    @BeforeEach
    void open() throws Exception {
        Path users = cloud.folder().resolve("users");
        Files.writeString(users, user("alice", "op-pass") + user("victor", "view-pass"), StandardCharsets.UTF_8);
        cloud.relay()
                .served()
                .setting("relay.web.users", users.toString())
                .setting("relay.web.operators", "alice")
                .setting("relay.web.names", "relay.example.net");
        cloud.push("off").start();
    }

    @AfterEach
    void close() {
        cloud.relay().close();
        assertThat(tokenFile()).doesNotExist();
    }

    @Test
    void onlyTheOwnerOfTheDataFolderCanReadAddressAndToken() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokenFile())))
                .isEqualTo("rw-------");
        assertThat(access().path("url").asText())
                .isEqualTo(cloud.relay().address())
                .startsWith("http://127.0.0.1:");
    }

    @Test
    void aRequestWithoutAValidProofIsRejected() throws Exception {
        for (String path :
                List.of("/api/v1/sync", "/api/v1/reports/x/resend", "/api/v1/reports/import?site=hq&name=x")) {
            assertThat(post(path).statusCode()).as(path).isEqualTo(401);
            assertThat(post(path, "Authorization", "Bearer wrong").statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(get("/api/v1/requests/x", "Cookie", "license-relay=wrong").statusCode())
                .isEqualTo(401);
        assertThat(get("/").headers().firstValue("Location")).contains("/login");
        assertThat(cloud.ssm().requests().total()).isZero();
    }

    @Test
    void anInvalidRequestIsAnsweredWithAProblem() throws Exception {
        for (var expected : List.of(
                new Expected(post("/api/v1/sites/nope/sync", token()), 404, "nope"),
                new Expected(post("/api/v1/sync?wait=x", token()), 400, "wait:"),
                new Expected(post("/api/v1/sync?accept=1", token()), 400, "accept:"),
                new Expected(post("/api/v1/reports/import", token()), 400, "site"),
                new Expected(post("/api/v1/reports/import?site=nope&name=x", token()), 404, "nope"),
                new Expected(get("/api/v1/requests/1", token()), 404, "no request"),
                new Expected(get("/api/v1/nothing", token()), 404, "nothing at this path"),
                new Expected(send("DELETE", "/api/v1/sync", token()), 405, "GET"))) {
            assertThat(expected.answer().statusCode()).as(expected.text()).isEqualTo(expected.status());
            assertThat(expected.answer().headers().firstValue("Content-Type")).contains("application/problem+json");
            JsonNode problem = Json.MAPPER.readTree(expected.answer().body());
            assertThat(problem.path("status").asInt()).isEqualTo(expected.status());
            assertThat(problem.path("detail").asText()).contains(expected.text());
        }
    }

    private record Expected(HttpResponse<String> answer, int status, String text) {}

    @Test
    void aSyncIsRequestedAndItsResultIsReadLater() throws Exception {
        HttpResponse<String> begun = post("/api/v1/sites/hq/sync", token());
        assertThat(begun.statusCode()).isEqualTo(202);
        String location = begun.headers().firstValue("Location").orElseThrow();
        JsonNode done = Json.MAPPER.readTree(get(location + "?wait=30", token()).body());
        assertThat(done.path("state").asText()).isEqualTo("done");
        assertThat(done.at("/result/0/outcome").asText()).isEqualTo("complete");
        assertThat(done.path("work").asText()).isEqualTo("sync hq");
    }

    @Test
    void aViewerReadsAndAnOperatorRequestsWork() throws Exception {
        assertThat(get("/api/v1/requests/1", basic("victor", "view-pass")).statusCode())
                .isEqualTo(404);
        assertThat(post("/api/v1/sync?wait=30", sameOrigin(basic("victor", "view-pass")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/api/v1/sync?wait=30", sameOrigin(basic("alice", "op-pass")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/requests/1", basic("alice", "view-pass")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aFileIsReceivedWholeWhileThePasswordIsVerified() throws Exception {
        String reports = RumSamples.bare(RumSamples.report(RumSamples.payload("9ABC", 1)));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(cloud.relay().address() + "/api/v1/reports/import?site=hq&name=rum.txt"))
                .headers(sameOrigin(basic("alice", "op-pass")))
                .POST(HttpRequest.BodyPublishers.ofString(reports))
                .build();
        HttpResponse<String> done = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(cloud.ledger()).singleElement().satisfies(each -> assertThat(each.origin())
                .isEqualTo("rum.txt"));
        try (var files = Files.list(cloud.relay().data())) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void aPageOfAnotherSiteCannotRequestWork() throws Exception {
        String[] alice = basic("alice", "op-pass");
        assertThat(post("/api/v1/sync", alice).statusCode()).isEqualTo(403);
        assertThat(post("/api/v1/sync", with(alice, "Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/api/v1/sync", with(alice, "Sec-Fetch-Site", "same-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/api/v1/sync", with(token(), "Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/login", "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(cloud.ssm().requests().total()).isZero();
    }

    @Test
    void onlyKnownHostNamesAreAnswered() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421")
                .contains("nosniff");
        assertThat(raw("GET / HTTP/1.1\r\nHost: relay.example.net\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 303");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 303");
    }

    @Test
    void aOneTimeLoginAddressIsValidOnce() throws Exception {
        String path = Json.MAPPER
                .readTree(post("/api/v1/login-addresses", token()).body())
                .path("path")
                .asText();
        HttpResponse<String> first = get(path);
        assertThat(first.statusCode()).isEqualTo(200);
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Strict", "Path=/");
        String session = cookie.split(";", 2)[0];
        assertThat(get("/api/v1/requests/1", "Cookie", session).statusCode()).isEqualTo(404);
        assertThat(get(path).statusCode()).isEqualTo(403);
        HttpResponse<String> logout = post("/logout", sameOrigin(new String[] {"Cookie", session}));
        assertThat(logout.statusCode()).isEqualTo(303);
        assertThat(get("/api/v1/requests/1", "Cookie", session).statusCode()).isEqualTo(401);
        assertThat(post("/api/v1/login-addresses", sameOrigin(basic("alice", "op-pass")))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void anAddressWithManyWrongPasswordsHasToWait() throws Exception {
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(get("/api/v1/requests/1", basic("alice", "wrong")).statusCode())
                    .isEqualTo(401);
        }
        HttpResponse<String> limited = get("/api/v1/requests/1", basic("alice", "op-pass"));
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 60L);
        assertThat(get("/api/v1/requests/1", token()).statusCode()).isEqualTo(404);
    }

    @Test
    void aUserWhoWasRemovedFromTheFileCannotGoOn() throws Exception {
        String[] victor = basic("victor", "view-pass");
        assertThat(get("/api/v1/requests/1", victor).statusCode()).isEqualTo(404);
        Files.writeString(cloud.folder().resolve("users"), user("alice", "op-pass"), StandardCharsets.UTF_8);
        assertThat(get("/api/v1/requests/1", victor).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/config/relay.yaml",
                "/data/relay.api",
                "/x.class",
                "/assets/..%2fconsole%2fconsole.css",
                "/assets/../relay.api",
                "/assets/%2e%2e/%2e%2e/etc/passwd",
                "/assets/io/licenserelay/app/Relay.class",
                "/META-INF/MANIFEST.MF",
                "/observe/health"
            })
    void noFileIsServedThatIsNotOfTheConsole(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + token()[1]
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void everyAnswerHasTheSecurityHeaders() throws Exception {
        for (HttpResponse<String> answer : List.of(
                get("/"),
                get("/login"),
                get("/assets/nothing.css"),
                get("/api/v1/requests/1"),
                get("/api/v1/requests/1", token()),
                post("/api/v1/sync?accept=1", token()),
                send("PUT", "/api/v1/sync", token()))) {
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .as("%s", answer)
                    .hasValueSatisfying(
                            policy -> assertThat(policy).contains("default-src 'self'", "frame-ancestors 'none'"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 9_000, 20_000})
    void aRequestThatCannotBeParsedIsRefusedWithTheSecurityHeaders(int length) throws Exception {
        String head = length < 10
                ? "GET / HTTP/9.9.9\r\n\r\n"
                : "GET /" + "x".repeat(length < 10_000 ? length : 1) + " HTTP/1.1\r\nHost: localhost\r\nX: "
                        + "x".repeat(length < 10_000 ? 1 : length) + "\r\n\r\n";
        assertThat(raw(head))
                .startsWith("HTTP/1.")
                .contains(" 4")
                .containsIgnoringCase("x-content-type-options: nosniff");
    }

    @Test
    void headersAndParametersOfARequestReachNeitherKafkaNorSsm() throws Exception {
        HttpResponse<String> done = post(
                "/api/v1/sites/hq/sync?wait=30&CamelHttpUri=http://evil.example&kafka.OVERRIDE_TOPIC=evil",
                with(token(), "CamelHttpUri", "http://evil.example", "kafka.KEY", "evil", "X-Evil", "evil"));
        assertThat(Json.MAPPER.readTree(done.body()).at("/result/0/outcome").asText())
                .isEqualTo("complete");
        assertThat(done.headers().map().toString()).doesNotContain("evil");
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        return send("POST", path, headers);
    }

    private HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(cloud.relay().address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The JDK's client refuses to send some of these requests. */
    private String raw(String request) throws IOException {
        URI address = URI.create(cloud.relay().address());
        try (var socket = new java.net.Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String[] token() throws IOException {
        return new String[] {"Authorization", "Bearer " + access().path("token").asText()};
    }

    private static String[] basic(String user, String password) {
        return new String[] {
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8))
        };
    }

    private String[] sameOrigin(String[] headers) {
        return with(headers, "Origin", cloud.relay().address());
    }

    private static String[] with(String[] headers, String... more) {
        String[] all = Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return all;
    }

    private static String user(String name, String password) {
        return name + ':' + BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(5, password.toCharArray()) + '\n';
    }

    private JsonNode access() throws IOException {
        return Json.MAPPER.readTree(Files.readString(tokenFile()));
    }

    private Path tokenFile() {
        return cloud.relay().data().resolve("relay.api");
    }
}
