package io.licenserelay.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The floor of usage reports, in a separate JVM. It reads the same files, posts the same bodies in parallel, waits for
 * the poll interval of the server, and polls once. It writes as many bytes to one file as the relay wrote, and syncs
 * the file once per megabyte. It stores nothing about the sent reports.
 */
final class FloorReports {
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper TREES = new ObjectMapper();

    private final Site site;
    private final FloorClient client;
    private final String[] headers;
    private final Journal journal;
    private final ExecutorService executor;

    private FloorReports(Site site, FloorClient client, String[] headers, Journal journal, ExecutorService executor) {
        this.site = site;
        this.client = client;
        this.headers = headers;
        this.journal = journal;
        this.executor = executor;
    }

    public static void main(String[] arguments) throws Exception {
        Site site = Configuration.read(Path.of(arguments[0]), System.getenv(), Map.of())
                .sites()
                .get(0);
        Path workDir = Path.of(arguments[1]);
        int expected = Integer.parseInt(arguments[2]);
        String[] headers = {
            "X-CSW-SMART-ACCOUNT-ID",
            arguments[3],
            "X-CSW-VIRTUAL-ACCOUNT-ID",
            arguments[4],
            "X-CSW-REQUESTING-SYSTEM",
            "{}"
        };
        double firstMegabytes = Double.parseDouble(arguments[5]);
        double laterMegabytes = Double.parseDouble(arguments[6]);
        FloorClient client = new FloorClient(site);
        ExecutorService executor = Executors.newFixedThreadPool(site.parallel());
        for (int batch = 0; batch < ReportsBenchmark.BATCHES; batch++) {
            long bytes = Math.round((batch == 0 ? firstMegabytes : laterMegabytes) * 1e6);
            Path inbox = ReportsBenchmark.batch(workDir, batch);
            try (Journal journal = new Journal(workDir.resolve("journal" + batch), bytes / (3L * expected))) {
                FloorReports floor = new FloorReports(site, client, headers, journal, executor);
                ChildJvm.timed(ReportsBenchmark.name(batch), () -> {
                    long acknowledged = floor.send(floor.read(inbox));
                    journal.force();
                    if (acknowledged != expected) {
                        throw new IllegalStateException(
                                acknowledged + " acknowledgements were received instead of " + expected);
                    }
                });
            }
        }
        executor.shutdown();
        ChildJvm.print("resident", Relays.peakResidentMegabytes());
    }

    /** Returns the reports of each device, in the form of the request body. */
    private Map<String, List<JsonNode>> read(Path inbox) throws IOException {
        Map<String, List<JsonNode>> devices = new HashMap<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(inbox)) {
            files = all.toList();
        }
        for (Path file : files) {
            String text = Files.readString(file);
            for (int start = text.indexOf("[CDATA["); start >= 0; start = text.indexOf("[CDATA[", start + 1)) {
                JsonNode report = TREES.readTree(text.substring(start + 7, text.indexOf("]]>", start)));
                String device = TREES.readTree(report.path("payload").textValue())
                        .at("/asset_identification/instance/sudi")
                        .toString();
                devices.computeIfAbsent(device, key -> new ArrayList<>()).add(report);
                journal.write();
            }
        }
        journal.force();
        return devices;
    }

    private long send(Map<String, List<JsonNode>> devices) throws Exception {
        List<Callable<JsonNode>> posts = new ArrayList<>();
        devices.forEach((device, reports) -> posts.add(() -> post(device, reports)));
        List<Future<JsonNode>> answers = executor.invokeAll(posts);
        long pollInterval = 0;
        List<Callable<Integer>> polls = new ArrayList<>();
        for (Future<JsonNode> future : answers) {
            JsonNode answer = future.get();
            pollInterval = answer.path("poll_interval").asLong();
            polls.add(() -> poll(answer.path("poll_id").asLong()));
        }
        TimeUnit.SECONDS.sleep(pollInterval);
        long acknowledged = 0;
        for (Future<Integer> count : executor.invokeAll(polls)) {
            acknowledged += count.get();
        }
        return acknowledged;
    }

    private JsonNode post(String device, List<JsonNode> reports) throws IOException, InterruptedException {
        byte[] body = body(json -> {
            json.writeArrayFieldStart("reports");
            json.writeStartObject();
            json.writeFieldName("sudi");
            json.writeRawValue(device);
            json.writeArrayFieldStart("usage");
            for (JsonNode report : reports) {
                json.writeRawValue(report.toString());
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
        });
        JsonNode answer = answer(Resource.REPORT_USAGE, body);
        for (int i = 0; i < reports.size(); i++) {
            journal.write();
        }
        return answer;
    }

    private int poll(long pollId) throws IOException, InterruptedException {
        JsonNode answer = answer(Resource.POLL, body(json -> {
            json.writeNumberField("poll_id", pollId);
            json.writeStringField("action", "acknowledgements");
        }));
        int acknowledged = answer.at("/data/acknowledgements").size();
        for (int i = 0; i < acknowledged; i++) {
            journal.write();
        }
        return acknowledged;
    }

    private JsonNode answer(Resource resource, byte[] body) throws IOException, InterruptedException {
        String path = String.valueOf(site.ssm().paths().get(resource));
        return TREES.readTree(client.post(path, body, HttpResponse.BodyHandlers.ofByteArray(), headers));
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] body(Fields fields) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeObjectFieldStart("data");
            json.writeStringField("nonce", "floor");
            fields.write(json);
            json.writeEndObject();
            json.writeEndObject();
        }
        return body.toByteArray();
    }
}
