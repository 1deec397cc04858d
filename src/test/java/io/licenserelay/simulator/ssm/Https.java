package io.licenserelay.simulator.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A plain HTTPS client that trusts a simulator's CA, for the tests of the simulator. */
public final class Https {
    public static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final URI base;

    public Https(SsmSimulator ssm) {
        this(ssm.url(), ssm.authority());
    }

    public Https(URI base, CertificateAuthority authority) {
        this.base = base;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(authority.trusting())
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).GET().build());
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(10));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    public HttpResponse<String> form(String path, String... keyValues) throws IOException, InterruptedException {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            pairs.add(encode(keyValues[i]) + "=" + encode(keyValues[i + 1]));
        }
        return post(path, String.join("&", pairs), "Content-Type", "application/x-www-form-urlencoded");
    }

    /** Requests a bearer token with the client credentials grant. */
    public String token(String id, String secret) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                form("/oauth/token", "grant_type", "client_credentials", "client_id", id, "client_secret", secret);
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    JsonNode read(String path, String body, String token) throws IOException, InterruptedException {
        return JSON.readTree(readRaw(path, body, token).body());
    }

    public HttpResponse<String> readRaw(String path, String body, String token)
            throws IOException, InterruptedException {
        return post(path, body, "Authorization", "Bearer " + token, "Content-Type", "application/json");
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
