package io.licenserelay.simulator.manager;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.simulator.tls.TlsContexts;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The simulated Manager's own sync. It requests a token from SSM with the client and user of its settings (Resource
 * Owner Grant), and then the accounts. The requests of a real Manager after the token are not public, nor are its log
 * messages.
 */
final class SimulatedManagerSync {
    private static final String MANAGER = "SmartLicensingIntegrationManager";
    private static final String UTIL = "SmartLicensingUtil";
    private static final String REST = "RestAPIClient";
    private static final String RESOURCE = "SmartLicensingIntegrationRestfulResource";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final SimulatedManagerLog log;
    private final AtomicLong tasks = new AtomicLong(23);

    SimulatedManagerSync(X509Certificate ssmAuthority, SimulatedManagerLog log) {
        this.http = HttpClient.newBuilder()
                .sslContext(TlsContexts.trusting(ssmAuthority))
                .connectTimeout(TIMEOUT)
                .build();
        this.log = log;
    }

    /**
     * Syncs once.
     *
     * @return the error as the Manager's interface shows it; empty if the sync succeeded
     */
    String run(ManagerSettings settings) throws InterruptedException {
        long task = tasks.incrementAndGet();
        log.info(MANAGER, task, "sync of licenses started");
        log.info("AbstractSettingsManager", task, "license settings were read");
        log.info(UTIL, task, "mode is " + settings.mode());
        log.info(REST, task, "POST " + settings.ssmUrl() + "/oauth/token");
        try {
            String token = token(settings, task);
            log.info(REST, task, "POST " + settings.ssmUrl() + "/api/v1/upstream_satellites/accounts");
            accounts(settings, token);
            log.info(MANAGER, task, "sync of licenses completed");
            return "";
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            log.error(REST, task, "Failed to call SSM: " + message);
            log.error(UTIL, task, "Failed to authenticate user - '" + settings.user() + "'. " + message);
            log.raw("\tat com.example.simulated.RestAPIClient.post(RestAPIClient.java)");
            log.error(RESOURCE, task, "Failed to synchronize licenses");
            return "Failed to authenticate Smart Account credentials.: Failed to authenticate user - '"
                    + settings.user() + "'. " + message;
        }
    }

    private String token(ManagerSettings settings, long task) throws IOException, InterruptedException {
        String form = "grant_type=password&client_id=" + encoded(settings.clientId()) + "&client_secret="
                + encoded(settings.clientSecret()) + "&username=" + encoded(settings.user()) + "&password="
                + encoded(settings.password());
        log.info(UTIL, task, "requesting a token for client " + settings.clientId());
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(settings.ssmUrl() + "/oauth/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        JsonNode json = Json.MAPPER.readTree(answer.body());
        if (answer.statusCode() != 200 || !json.hasNonNull("access_token")) {
            throw new IOException(answer.body());
        }
        return json.get("access_token").asText();
    }

    private void accounts(ManagerSettings settings, String token) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(settings.ssmUrl() + "/api/v1/upstream_satellites/accounts"))
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.noBody()));
        JsonNode accounts = Json.MAPPER.readTree(answer.body()).path("accounts");
        if (answer.statusCode() != 200 || accounts.isEmpty()) {
            throw new IOException(answer.statusCode() + ": no account is visible");
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
