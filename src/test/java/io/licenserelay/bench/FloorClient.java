package io.licenserelay.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.tls.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The JDK's HTTP client with a token, without any further features. Thread-safe. */
final class FloorClient {
    private final Site site;
    private final HttpClient http;
    private final String token;

    FloorClient(Site site) throws IOException, InterruptedException {
        this.site = site;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.of(site.ssm().trust()).context())
                .build();
        this.token = token();
    }

    /** Posts a JSON body to a path.
     *
     * @param headers name, value, name, value */
    <T> T post(String path, byte[] body, HttpResponse.BodyHandler<T> answer, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(site.ssm().url() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return http.send((headers.length == 0 ? request : request.headers(headers)).build(), answer)
                .body();
    }

    private String token() throws IOException, InterruptedException {
        String form = "grant_type=client_credentials&client_id="
                + site.ssm().client().id() + "&client_secret="
                + URLEncoder.encode(String.valueOf(site.ssm().client().secret().reveal()), StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(site.ssm().url() + site.ssm().paths().get(Resource.TOKEN)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return new ObjectMapper().readTree(answer).path("access_token").asText();
    }
}
