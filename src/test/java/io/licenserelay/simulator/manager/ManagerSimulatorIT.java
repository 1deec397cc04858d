package io.licenserelay.simulator.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulated Manager behaves as public sources show. */
class ManagerSimulatorIT {
    private SsmSimulator ssm;
    private ManagerSimulator manager;
    private HttpClient http;

    @BeforeEach
    void start() throws IOException {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA", 1, 0, "In Compliance");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("manager", "manager-secret-1", Grant.PASSWORD)
                .user("admin", "admin-password-1")
                .start();
        manager = ManagerSimulator.of(ssm)
                .user("relay", "relay-password-1")
                .ssmClient("manager", "manager-secret-1", "admin", "admin-password-1")
                .clock(Clock.fixed(Instant.parse("2023-01-13T11:59:03.490Z"), ZoneOffset.UTC))
                .zone(ZoneId.of("Asia/Kolkata"), "IST")
                .start();
        http = HttpClient.newBuilder().sslContext(ssm.authority().trusting()).build();
    }

    @AfterEach
    void stop() throws IOException {
        manager.close();
        ssm.close();
    }

    @Test
    void aSuccessfulLoginAnswersACookieAndNoBodyAndAFailedLoginAPageWithStatus200() throws Exception {
        HttpResponse<String> successful = login("relay-password-1");
        assertThat(successful.statusCode()).isEqualTo(200);
        assertThat(successful.body()).isEmpty();
        assertThat(cookie(successful)).startsWith("JSESSIONID=");
        HttpResponse<String> failed = login("wrong");
        assertThat(failed.statusCode()).isEqualTo(200);
        assertThat(failed.body()).contains("<html>");
        assertThat(manager.openSessions()).isEqualTo(1);
    }

    @Test
    void aPostRequiresTheXsrfTokenAndALogoutEndsTheSession() throws Exception {
        String cookie = cookie(login("relay-password-1"));
        assertThat(post("/dataservice/v1/smart-licensing/sync", cookie, "none").statusCode())
                .isEqualTo(403);
        String token = get("/dataservice/client/token", cookie).body();
        assertThat(post("/dataservice/v1/smart-licensing/sync", cookie, token).statusCode())
                .isEqualTo(400);
        HttpResponse<String> synced = multipart("/dataservice/v1/smart-licensing/sync", cookie, token);
        assertThat(synced.statusCode()).isEqualTo(200);
        assertThat(synced.body()).isEmpty();
        await().untilAsserted(() -> assertThat(
                        get("/dataservice/msla/licenses/compliance", cookie).body())
                .contains("sync complete"));
        assertThat(post("/logout", cookie, token).statusCode()).isEqualTo(302);
        assertThat(manager.openSessions()).isZero();
        assertThat(get("/dataservice/client/server", cookie).body()).contains("<html>");
    }

    @Test
    void syncRequestsRequireARoleAndUploadAckExistsOnlyInOldVersions() throws Exception {
        String cookie = cookie(login("relay-password-1"));
        String token = get("/dataservice/client/token", cookie).body();
        manager.role("relay", "Operator");
        assertThat(multipart("/dataservice/smartLicensing/syncLicenses", cookie, token)
                        .statusCode())
                .isEqualTo(403);
        manager.role("relay", "Software Upgrade-write");
        assertThat(multipart("/dataservice/smartLicensing/syncLicenses", cookie, token)
                        .statusCode())
                .isEqualTo(200);
        assertThat(multipart("/dataservice/smartLicensing/uploadAck", cookie, token)
                        .statusCode())
                .isEqualTo(404);
        manager.version("20.11.1");
        assertThat(multipart("/dataservice/smartLicensing/uploadAck", cookie, token)
                        .statusCode())
                .isEqualTo(200);
        assertThat(manager.receivedSyncs())
                .containsExactly(
                        new ReceivedSync(
                                "dataservice/smartLicensing/syncLicenses",
                                "{\"smartAccounts\":[]}",
                                "ACK.xml",
                                "<a>\r\n--b</a>"),
                        new ReceivedSync(
                                "dataservice/smartLicensing/uploadAck",
                                "{\"smartAccounts\":[]}",
                                "ACK.xml",
                                "<a>\r\n--b</a>"));
    }

    @Test
    void aFailedSyncReturnsTheErrorOfTheTokenEndpointAndLogsErrors() throws Exception {
        ssm.client(ApiClient.of("manager", "manager-secret-1", Grant.CLIENT_CREDENTIALS));
        assertThat(manager.sync())
                .startsWith("Failed to authenticate Smart Account credentials.: Failed to authenticate user - 'admin'.")
                .contains("\"error\":\"unauthorized_client\"");
        String cookie = cookie(login("relay-password-1"));
        HttpResponse<String> log = get("/dataservice/util/logfile/appserver/lastnlines?lines=4", cookie);
        assertThat(log.headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(log.body().lines()).hasSize(4);
        assertThat(log.body())
                .startsWith(
                        "13-Jan-2023 17:29:03,490 IST ERROR [um8_vManage] [RestAPIClient] (default task-24) |default|")
                .doesNotContain("manager-secret-1", "admin-password-1");
    }

    @Test
    void bearerTokensExistSince20Dot18() throws Exception {
        String body = "{\"username\":\"relay\",\"password\":\"relay-password-1\",\"duration\":900}";
        assertThat(jwt(body).statusCode()).isEqualTo(404);
        manager.version("20.18.1");
        assertThat(jwt(body).body()).contains("\"token\"", "\"csrf\"");
        assertThat(jwt(body.replace("relay-password-1", "wrong")).statusCode()).isEqualTo(401);
    }

    @Test
    void loginsFailWhenTheSessionLimitIsReached() throws Exception {
        manager.atMostSessions(1);
        assertThat(login("relay-password-1").statusCode()).isEqualTo(200);
        assertThat(login("relay-password-1").statusCode()).isEqualTo(503);
    }

    private HttpResponse<String> login(String password) throws Exception {
        return send(HttpRequest.newBuilder(uri("/j_security_check"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("j_username=relay&j_password=" + password)));
    }

    private HttpResponse<String> jwt(String body) throws Exception {
        return send(HttpRequest.newBuilder(uri("/jwt/login"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path, String cookie) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).header("Cookie", cookie));
    }

    private HttpResponse<String> post(String path, String cookie, String token) throws Exception {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Cookie", cookie)
                .header("X-XSRF-TOKEN", token)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> multipart(String path, String cookie, String token) throws Exception {
        String body = "--bound\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{\"smartAccounts\":[]}\r\n"
                + "--bound\r\nContent-Disposition: form-data; name=\"name\"; filename=\"ACK.xml\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n<a>\r\n--b</a>\r\n--bound--\r\n";
        return send(HttpRequest.newBuilder(uri(path))
                .header("Cookie", cookie)
                .header("X-XSRF-TOKEN", token)
                .header("Content-Type", "multipart/form-data; boundary=bound")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return manager.url().resolve(path);
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("set-cookie").orElse("").replaceFirst(";.*", "");
    }
}
