package io.licenserelay.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.LicenseItem;
import io.licenserelay.simulator.ssm.Https;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("NullAway.Init") // set before each test
@Timeout(60)
class FaultsIT {
    private static final String LICENSES = "/api/v1/accounts/ACME/licenses";

    private SsmSimulator ssm;
    private Https https;
    private String token;

    @BeforeEach
    void start() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("Übergang", 10, 4, LicenseItem.IN_COMPLIANCE);
        estate.account("ACME").va("Lab").license("DNA Advantage", 5, 5, LicenseItem.IN_COMPLIANCE);
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("id", "secret", Grant.CLIENT_CREDENTIALS)
                .start();
        https = new Https(ssm);
        token = https.token("id", "secret");
    }

    @AfterEach
    void stop() throws IOException {
        ssm.close();
    }

    @Test
    void aRefusedPortAcceptsConnectionsAfterTheFaultIsCleared() throws Exception {
        ssm.faults().set("refuse");
        assertThatThrownBy(() -> handshake(1000)).isInstanceOf(ConnectException.class);
        ssm.faults().clear();
        assertThat(licenses().statusCode()).isEqualTo(200);
    }

    @Test
    void faultsCanBeClearedOverHttpEvenWhileThePortIsRefused() throws Exception {
        ssm.faults().set("refuse");
        HttpRequest delete = HttpRequest.newBuilder(ssm.control()).DELETE().build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(delete, HttpResponse.BodyHandlers.ofString());
        assertThat(Https.JSON.readTree(answer.body()).path("active")).isEmpty();
        assertThat(licenses().statusCode()).isEqualTo(200);
    }

    @Test
    void theControlPortServesOnlyFaults() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(ssm.control().resolve(LICENSES))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aResetAbortsTheHandshakeOrWithAFilterTheRequest() throws Exception {
        ssm.faults().set("reset");
        assertThatThrownBy(() -> handshake(1000)).isInstanceOf(SocketException.class);

        ssm.faults().clear().set("reset", "resource", "licenses");
        assertThat(new Https(ssm).token("id", "secret")).isNotEmpty();
        assertThatThrownBy(this::licenses).isInstanceOf(IOException.class);
    }

    @Test
    void aStalledServerAcceptsConnectionsAndNeverAnswers() throws Exception {
        ssm.faults().set("stall");
        assertThatThrownBy(() -> handshake(300)).isInstanceOf(SocketTimeoutException.class);

        ssm.faults().clear().set("stall", "resource", "licenses");
        HttpRequest impatient = licenseRequest().timeout(Duration.ofMillis(300)).build();
        assertThatThrownBy(() -> new Https(ssm).send(impatient)).isInstanceOf(HttpTimeoutException.class);

        ssm.faults().clear();
        assertThat(licenses().statusCode()).isEqualTo(200);
    }

    @Test
    void aClientRejectsPlainHttpAndOldTls() {
        ssm.faults().set("plain-http");
        assertThatThrownBy(() -> handshake(1000))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("Unsupported or unrecognized SSL message");
        ssm.faults().clear().set("old-tls");
        assertThatThrownBy(() -> handshake(1000))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("TLS10");
    }

    @Test
    void certificateFaultsChangeTheCertificateThatTheServerPresents() throws Exception {
        ssm.faults().set("expired-cert");
        assertThatThrownBy(() -> handshake(1000)).hasStackTraceContaining(CertificateExpiredException.class.getName());
        ssm.faults().clear().set("future-cert");
        assertThatThrownBy(() -> handshake(1000))
                .hasStackTraceContaining(CertificateNotYetValidException.class.getName());
        ssm.faults().clear().set("wrong-name-cert");
        assertThatThrownBy(() -> handshake(1000)).hasStackTraceContaining("No subject alternative DNS name");
        ssm.faults().clear().set("other-cert");
        assertThatThrownBy(() -> handshake(1000)).hasStackTraceContaining("unable to find valid certification path");

        ssm.faults().clear().set("expiring-cert", "days", 10);
        assertThat(presentedCertificate().getNotAfter().toInstant())
                .isBefore(Instant.now().plus(Duration.ofDays(11)));
        ssm.faults().clear().set("renewed-cert");
        assertThat(presentedCertificate()).isNotEqualTo(ssm.certificate().certificate());
        ssm.faults().clear();
        assertThat(presentedCertificate()).isEqualTo(ssm.certificate().certificate());
    }

    @ParameterizedTest
    @CsvSource({"reset-midway", "cut-body"})
    void anAnswerIsCutOffInTheMiddle(String fault) throws Exception {
        ssm.faults().set(fault, "bytes", 400, "resource", "licenses", "times", 1);
        assertThatThrownBy(this::licenses).isInstanceOf(IOException.class);
        assertThat(licenses().statusCode()).isEqualTo(200);

        ssm.faults().set(fault, "bytes", 250, "resource", "token", "times", 1);
        assertThatThrownBy(() -> https.token("id", "secret")).isInstanceOf(IOException.class);
    }

    @Test
    void bandwidthAndLatencyDelayAnswers() throws Exception {
        long total = licenses().body().length();
        ssm.faults().set("bandwidth", "bytes-per-second", total);
        assertThat(millisOf(this::licenses)).isGreaterThan(900);
        ssm.faults().clear().set("latency", "millis", 400);
        assertThat(millisOf(this::licenses)).isGreaterThan(400);
    }

    @Test
    void aSlowCloseIsAnnouncedAndDelayed() throws Exception {
        ssm.faults().set("slow-close", "millis", 500);
        try (SSLSocket socket = connect(5000)) {
            String request = "POST " + LICENSES + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            long[] firstBytesAt = new long[1];
            InputStream in = socket.getInputStream();
            long total = millisOf(() -> {
                byte[] start = in.readNBytes(12);
                firstBytesAt[0] = System.nanoTime();
                return new String(start, StandardCharsets.US_ASCII)
                        + new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            });
            assertThat(total).isGreaterThan(450);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - firstBytesAt[0]))
                    .isGreaterThan(400);
        }
    }

    @Test
    void theDateHeaderDiffersByTheClockSkew() throws Exception {
        ssm.faults().set("clock-skew", "seconds", -7200);
        for (int i = 0; i < 3; i++) {
            String date = licenses().headers().firstValue("Date").orElseThrow();
            Instant sent = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            assertThat(Duration.between(sent, Instant.now()).toSeconds()).isBetween(7199L, 7210L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bad-gateway, 502",
        "unavailable, 503",
        "server-error, 500",
        "service-down, 500",
        "rate-limited, 429",
        "forbidden, 403",
        "not-found, 404",
        "not-allowed, 405",
        "token-refused, 401"
    })
    void aStatusFaultReplacesTheData(String fault, int status) throws Exception {
        ssm.faults().set(fault);
        assertThat(licenses().statusCode()).isEqualTo(status);
    }

    @Test
    void theRetryAfterHeaderIsSentWhenItIsConfigured() throws Exception {
        ssm.faults().set("unavailable", "retry-after", 7);
        assertThat(licenses().headers().firstValue("Retry-After")).hasValue("7");
        ssm.faults().clear().set("rate-limited");
        assertThat(licenses().headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void aFilterLimitsAFaultToOneVirtualAccountAndANumberOfRequests() throws Exception {
        ssm.faults().set("forbidden", "resource", "licenses", "account", "ACME", "va", "Lab", "times", 2);
        assertThat(licenses("{\"virtualAccounts\":[\"Default\"]}").statusCode()).isEqualTo(200);
        for (int status : new int[] {403, 403, 200}) {
            assertThat(licenses("{\"virtualAccounts\":[\"Lab\"]}").statusCode()).isEqualTo(status);
        }
    }

    @Test
    void aLoginPageReplacesAllAnswersOrOnlyTheToken() throws Exception {
        ssm.faults().set("html");
        assertThat(licenses().headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(licenses().body()).startsWith("<!DOCTYPE html>");
        ssm.faults().clear().set("html-token");
        assertThat(https.form("/oauth/token").body()).startsWith("<!DOCTYPE html>");
        assertThat(licenses().body()).startsWith("{");
    }

    @Test
    void theTokenEndpointAnswersTheConfiguredError() throws Exception {
        ssm.faults().set("token-error");
        HttpResponse<String> answer = https.form("/oauth/token", "grant_type", "password");
        assertThat(answer.body()).contains("unsupported_grant_type");
        assertThat(licenses().statusCode()).isEqualTo(200);
    }

    @Test
    void answersCanBeEmptyLackAFieldOrContainHugeNumbers() throws Exception {
        ssm.faults().set("empty");
        JsonNode empty = Https.JSON.readTree(licenses().body());
        assertThat(empty.path("licenses")).isEmpty();
        assertThat(empty.path("totalRecords").asInt()).isZero();
        assertThat(empty.path("status").asText()).isEqualTo("SUCCESS");

        ssm.faults().clear().set("missing-field", "field", "license");
        JsonNode missing = Https.JSON.readTree(licenses().body());
        assertThat(missing.at("/licenses/0").has("license")).isFalse();
        assertThat(missing.at("/licenses/0/quantity").asInt()).isEqualTo(10);
        assertThat(missing.at("/licenses/0/licenseSubstitutions").isArray()).isTrue();

        ssm.faults().clear().set("huge-number", "digits", 50);
        assertThat(licenses().body()).contains("\"quantity\":" + "9".repeat(50));
    }

    @Test
    void theBytesCanHaveAnotherCharsetThanTheHeaderDeclares() throws Exception {
        ssm.faults().set("wrong-charset");
        HttpClient client =
                HttpClient.newBuilder().sslContext(ssm.authority().trusting()).build();
        byte[] body = client.send(licenseRequest().build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        assertThatThrownBy(() -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)))
                .isInstanceOf(MalformedInputException.class);
    }

    @Test
    void theJsonIsNestedDeeperThanParsersAllow() throws Exception {
        ssm.faults().set("deep-json");
        String body = licenses().body();
        assertThat(body).contains("[".repeat(10_000));
        assertThatThrownBy(() -> Https.JSON.readTree(body)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void anEndlessAnswerContinuesUntilTheClientDisconnects() throws Exception {
        ssm.faults().set("endless");
        HttpClient client =
                HttpClient.newBuilder().sslContext(ssm.authority().trusting()).build();
        HttpResponse<InputStream> answer =
                client.send(licenseRequest().build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            assertThat(in.readNBytes(20_000_000)).hasSize(20_000_000);
        }
        ssm.faults().clear();
        await().atMost(Duration.ofSeconds(10)).until(() -> licenses().statusCode() == 200);
    }

    @Test
    void anExtraHeaderIsSent() throws Exception {
        ssm.faults().set("extra-header");
        assertThat(licenses().headers().firstValue("kafka.OVERRIDE_TOPIC")).hasValue("from-a-response");
    }

    @Test
    void theErrorForAnUnknownFaultOrParameterListsTheKnownOnes() throws Exception {
        assertThatThrownBy(() -> ssm.faults().set("latencey"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("latency");
        assertThatThrownBy(() -> ssm.faults().set("latency", "milis", 3)).hasMessageContaining("millis");
        assertThatThrownBy(() -> ssm.faults().set("latency", "millis", "soon")).hasMessageContaining("not a number");
        assertThatThrownBy(() -> ssm.faults().set("refuse", "va", "Lab")).hasMessageContaining("no parameter 'va'");
        assertThat(ssm.faults().active()).isEmpty();
    }

    @Test
    void faultsAreSetListedAndClearedOverHttp() throws Exception {
        HttpResponse<String> on = put("/simulator/faults/latency", "{\"millis\":\"1\"}");
        assertThat(Https.JSON.readTree(on.body()).at("/active/latency/millis").asText())
                .isEqualTo("1");
        ssm.faults().set("forbidden");
        assertThat(put("/simulator/faults/latency", "{\"millis\":\"2\"}").body())
                .as("the state of this fault only")
                .isEqualToIgnoringWhitespace("{\"active\":{\"latency\":{\"millis\":\"2\"}}}");
        assertThat(ssm.faults().active())
                .containsEntry("latency", Map.of("millis", "2"))
                .containsKey("forbidden");
        HttpResponse<String> listed = https.get("/simulator/faults");
        assertThat(Https.JSON
                        .readTree(listed.body())
                        .at("/known/cut-body/defaults/bytes")
                        .asText())
                .isEqualTo("300");
        assertThat(put("/simulator/faults/nonsense", "").statusCode()).isEqualTo(400);
        assertThat(https.send(https.request("/simulator/faults/forbidden")
                                .DELETE()
                                .build())
                        .body())
                .isEqualToIgnoringWhitespace("{\"active\":{\"latency\":{\"millis\":\"2\"}}}");
        https.send(https.request("/simulator/faults/latency").DELETE().build());
        assertThat(ssm.faults().active()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aClearedFaultHasNoEffect(Fault fault) throws Exception {
        ssm.faults().set(fault.wireName()).clear();
        assertThat(licenses().statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> put(String path, String body) throws Exception {
        return https.send(https.request(path, "Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Uses a new connection pool: an existing pool can hold a connection that a change below HTTP just closed. */
    private HttpResponse<String> licenses() throws Exception {
        return new Https(ssm).readRaw(LICENSES, "{\"limit\":-1}", token);
    }

    private HttpResponse<String> licenses(String body) throws Exception {
        return https.readRaw(LICENSES, body, token);
    }

    private HttpRequest.Builder licenseRequest() {
        return https.request(LICENSES, "Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
    }

    private X509Certificate presentedCertificate() throws IOException {
        try (SSLSocket socket = connect(2000)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private void handshake(int millis) throws IOException {
        connect(millis).close();
    }

    private SSLSocket connect(int millis) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), ssm.port());
        plain.setSoTimeout(millis);
        SSLSocket socket = (SSLSocket)
                ssm.authority().trusting().getSocketFactory().createSocket(plain, "localhost", ssm.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static long millisOf(java.util.concurrent.Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
