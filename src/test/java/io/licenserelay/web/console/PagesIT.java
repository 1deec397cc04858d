package io.licenserelay.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.text.Json;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the pages show of a relay, and how they treat hostile texts. */
class PagesIT {
    private static final String HOSTILE =
            "<script>alert(1)</script><svg onload=alert(2)>\" onclick=\"alert(3)' \u202Egnp.exe";
    private static final Pattern HREF = Pattern.compile("href=\"(/[^\"#]*)\"");

    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    private String session;

    @BeforeEach
    void open() throws Exception {
        cloud.relay().served();
        cloud.push("off").start();
        session = logIn();
    }

    @AfterEach
    void close() {
        cloud.relay().close();
    }

    @Test
    void fromTheOverviewAnOperatorFindsWhyASiteFailsAndWhatToDo() throws Exception {
        cloud.relay().sync();
        cloud.ssm().faults().set("forbidden", "va", CloudAndRelay.VA);
        cloud.relay().sync();
        String overview = page("/");
        assertThat(overview).contains("Sync now", "hq", "failed");
        String incident = link(overview, "/incidents/");
        assertThat(page(incident))
                .contains("What to do", "Who acts", "Probes", "LIC3006", "<ol class=\"steps\">")
                .contains("The user may not see this account or resource");
        assertThat(page("/causes/LIC3006")).contains("What it means", "What to do");
    }

    @Test
    void everyLinkOfEveryPageLeadsToAPage() throws Exception {
        cloud.drop("rum.txt", RumSamples.bare(RumSamples.report(RumSamples.payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.ssm().faults().set("forbidden", "va", CloudAndRelay.VA);
        cloud.relay().sync();
        java.util.Set<String> seen = new java.util.LinkedHashSet<>();
        java.util.Deque<String> next = new java.util.ArrayDeque<>(java.util.List.of("/"));
        while (!next.isEmpty()) {
            String path = next.remove();
            if (!seen.add(path)) {
                continue;
            }
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            Matcher links = HREF.matcher(answer.body());
            while (links.find()) {
                next.add(links.group(1).replace("&amp;", "&"));
            }
        }
        assertThat(seen).contains("/calendar.ics", "/about", "/causes/LIC3006").hasSizeGreaterThan(20);
    }

    @Test
    void hostileNamesAreTextAndNotMarkup() throws Exception {
        cloud.estate().account(CloudAndRelay.ACCOUNT).va(CloudAndRelay.VA).license(HOSTILE, 5, 2, "In Compliance");
        cloud.relay().sync();
        String licenses = page("/licenses");
        assertThat(licenses)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert", "<svg onload");
        String search =
                page("/licenses?text=" + java.net.URLEncoder.encode("\"><script>alert(4)", StandardCharsets.UTF_8));
        assertThat(search).doesNotContain("<script>alert(4)");
        assertThat(page(link(licenses, "/licenses/")))
                .contains("How it changed")
                .doesNotContain("<script>alert");
    }

    @Test
    void aButtonBeginsASyncAndThePageShowsItsResult() throws Exception {
        HttpResponse<String> begun = HttpClient.newHttpClient()
                .send(
                        request("/sites/hq/sync")
                                // As a browser sends the form of a page with "no-referrer".
                                .headers("Origin", "null", "Sec-Fetch-Site", "same-origin")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(begun.statusCode()).isEqualTo(303);
        String result = begun.headers().firstValue("Location").orElseThrow();
        await().untilAsserted(() -> assertThat(page(result)).contains("complete", "licenses in"));
    }

    @Test
    void theOverviewIsSentAgainWhenItChanges() throws Exception {
        HttpResponse<InputStream> stream = HttpClient.newHttpClient()
                .send(request("/live/overview").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(until(lines, "data: </table>")).contains("never");
            cloud.relay().sync();
            assertThat(until(lines, "data: </table>")).contains("complete");
        }
    }

    @Test
    void aWrongFilterIsNamed() throws Exception {
        HttpResponse<String> answer = get("/runs?outcome=x");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("outcome");
        assertThat(get("/incidents/none").statusCode()).isEqualTo(404);
        assertThat(page("/runs?outcome=&site=")).contains("Runs");
    }

    private static String until(BufferedReader lines, String end) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            text.append(line).append('\n');
            if (line.equals(end)) {
                return text.toString();
            }
        }
        throw new AssertionError("the stream ended: " + text);
    }

    private static String link(String html, String prefix) {
        return HREF.matcher(html)
                .results()
                .map(match -> match.group(1))
                .filter(path -> path.startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link to " + prefix + " in " + html));
    }

    private String page(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient().send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(cloud.relay().address() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Cookie", session);
    }

    private String logIn() throws Exception {
        JsonNode access =
                Json.MAPPER.readTree(Files.readString(cloud.relay().data().resolve("relay.api")));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(access.path("url").asText() + "/api/v1/login-addresses"))
                .header("Authorization", "Bearer " + access.path("token").asText())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpClient browser = HttpClient.newHttpClient();
        String path = Json.MAPPER
                .readTree(browser.send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("path")
                .asText();
        HttpRequest login = HttpRequest.newBuilder(URI.create(cloud.relay().address() + path))
                .build();
        return browser.send(login, HttpResponse.BodyHandlers.ofString())
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";", 2)[0];
    }
}
