package io.licenserelay.observe;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics in Prometheus' text format.
 *
 * @param lines without comments
 * @param families the names in the lines {@code # TYPE}
 */
public record Scrape(List<String> lines, Set<String> families) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) \\S+");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** Parses the text. */
    public static Scrape of(String text) {
        Set<String> families = new TreeSet<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                families.add(type.group(1));
            }
        });
        return new Scrape(text.lines().filter(line -> !line.startsWith("#")).toList(), families);
    }

    /** Scrapes a relay. */
    public static Scrape from(int port) throws IOException, InterruptedException {
        return of(get(port, "/metrics").body());
    }

    /** Sends a request to a management server. */
    public static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The value of the only series that starts with this text. */
    public double value(String series) {
        List<String> found =
                lines.stream().filter(line -> line.startsWith(series)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " series start with " + series + ": " + found);
        }
        return Double.parseDouble(found.get(0).substring(found.get(0).lastIndexOf(' ') + 1));
    }

    /** Whether the metric has a series. */
    public boolean has(String name) {
        return lines.stream().anyMatch(line -> line.startsWith(name + " ") || line.startsWith(name + "{"));
    }
}
