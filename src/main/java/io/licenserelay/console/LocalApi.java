package io.licenserelay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local API of a running relay for commands on the same data folder: HTTP on the loopback address only. Requests need a token
 * from a file in the data folder. {@code POST /sync {"site":…,"accept":…}} returns {@code {"runs":[…]}}, after a
 * line of JSON for each event of a {@link RequestListener} while a relay of another machine runs the site;
 * {@code POST /reports/import?site=…&name=…} with a file as its body returns the result of the import; {@code POST /reports/resend
 * {"digest":…}} returns {@code {"told":…}}; {@code POST /reports/retry {"id":…}} returns the result of reading it again.
 */
public final class LocalApi implements AutoCloseable {
    /** The file with the address and token of the running relay. Only its owner can read it. */
    static final String FILE = "relay.api";

    private static final Logger LOG = LoggerFactory.getLogger(LocalApi.class);
    private static final int MAX_REQUEST_BYTES = 64 * 1024;
    private static final String IMPORT = "import-";

    /** Each connection has its own thread, so that an idle connection does not delay another. */
    private static final int MAX_CONNECTIONS = 64;

    /** Seconds within which a request must arrive. A file of the largest size takes less over loopback. */
    private static final int REQUEST_SECONDS = 30;

    private static final int IDLE_SECONDS = 10;
    static final long MAX_IMPORT_BYTES = 256L << 20;
    static final String TOO_LARGE = "the file is larger than " + MAX_IMPORT_BYTES + " bytes";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Path file;
    private final byte[] token;
    private final Syncs syncs;

    private final ReportActions reports;

    private LocalApi(
            HttpServer server, ExecutorService threads, Path file, String token, Syncs syncs, ReportActions reports) {
        this.server = server;
        this.threads = threads;
        this.file = file;
        this.token = ("Bearer " + token).getBytes(StandardCharsets.US_ASCII);
        this.syncs = syncs;
        this.reports = reports;
    }

    /**
     * Limits the connections of the JDK's HTTP server in this process: their number, their idle time, and the time for a request to
     * arrive. It has an effect only before the first such server is created. Limits that are already set stay unchanged.
     */
    public static void boundConnections() {
        setUnlessSet("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
        setUnlessSet("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
        setUnlessSet("sun.net.httpserver.idleInterval", IDLE_SECONDS);
        setUnlessSet("sun.net.httpserver.maxIdleConnections", MAX_CONNECTIONS);
    }

    private static void setUnlessSet(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Starts the server and writes its address and token into the data folder. */
    public static LocalApi start(Path data, Syncs syncs, ReportActions reports) throws IOException {
        removeAbandoned(data);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_CONNECTIONS, MAX_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        threads.allowCoreThreadTimeOut(true);
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        LocalApi api = new LocalApi(server, threads, data.resolve(FILE), token, syncs, reports);
        server.createContext("/sync", exchange -> api.handle(exchange, api::sync));
        server.createContext("/reports/import", exchange -> api.handle(exchange, api::importReports));
        server.createContext("/reports/resend", exchange -> api.handle(exchange, api::resend));
        server.createContext("/reports/retry", exchange -> api.handle(exchange, api::retry));
        server.setExecutor(threads);
        server.start();
        api.publish(token);
        return api;
    }

    /** Deletes the partly received files of a killed relay. */
    private static void removeAbandoned(Path data) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(data, IMPORT + "*" + AtomicFiles.PART)) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
    }

    /** {@code http://127.0.0.1:PORT}. */
    public String address() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        Files.deleteIfExists(file);
    }

    private void publish(String secret) throws IOException {
        AtomicFiles.write(file, Json.bytes(Map.of("url", address(), "token", secret)));
    }

    private interface RequestHandler {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void handle(HttpExchange exchange, RequestHandler handler) throws IOException {
        try (exchange) {
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!MessageDigest.isEqual(token, authorization.getBytes(StandardCharsets.US_ASCII))) {
                answer(exchange, 401, Map.of("error", "The token from " + FILE + " is required."));
            } else if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, Map.of("error", "Method not allowed: use POST."));
            } else {
                runAndReportErrors(exchange, handler);
            }
        }
    }

    private void sync(HttpExchange exchange) throws IOException, InterruptedException {
        JsonNode requested = Json.MAPPER.readTree(exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES));
        JsonNode site = requested.path("site");
        try (AnswerLines lines = new AnswerLines(exchange)) {
            List<SyncResult> runs = syncs.sync(
                    site.isTextual() ? site.asText() : null,
                    requested.path("accept").asBoolean(),
                    lines);
            lines.write(Map.of("runs", runs));
        }
    }

    /** The request contains the file's content, because the relay may have no access to the caller's files. */
    private void importReports(HttpExchange exchange) throws IOException, InterruptedException {
        Path received = Files.createTempFile(file.resolveSibling(""), IMPORT, AtomicFiles.PART);
        try {
            long bytes;
            try (OutputStream out = Files.newOutputStream(received)) {
                bytes = IOUtils.copyLarge(exchange.getRequestBody(), out, 0, MAX_IMPORT_BYTES + 1);
            }
            if (bytes > MAX_IMPORT_BYTES) {
                answer(exchange, 413, Map.of("error", TOO_LARGE));
                return;
            }
            Map<String, String> query = query(exchange);
            answer(
                    exchange,
                    200,
                    reports.importFile(query.getOrDefault("site", ""), query.getOrDefault("name", "import"), received));
        } finally {
            Files.delete(received);
        }
    }

    private void resend(HttpExchange exchange) throws IOException, InterruptedException {
        JsonNode requested = Json.MAPPER.readTree(exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES));
        answer(
                exchange,
                200,
                Map.of("told", reports.resend(requested.path("digest").asText())));
    }

    private void retry(HttpExchange exchange) throws IOException, InterruptedException {
        JsonNode requested = Json.MAPPER.readTree(exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES));
        answer(exchange, 200, reports.retry(requested.path("id").asText()));
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair :
                String.valueOf(exchange.getRequestURI().getRawQuery()).split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void runAndReportErrors(HttpExchange exchange, RequestHandler handler) throws IOException {
        try {
            handler.answer(exchange);
        } catch (JsonProcessingException e) {
            answer(exchange, 400, Map.of("error", "Invalid JSON. Expected for example {\"site\":…,\"accept\":…}"));
        } catch (NotResendable e) {
            answer(exchange, 409, Map.of("error", String.valueOf(e.getMessage())));
        } catch (Sites.UnknownSite e) {
            answer(exchange, 404, Map.of("error", String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(exchange, 503, Map.of("error", "the relay is stopping"));
        } catch (RequestFailed e) {
            answer(exchange, 502, Map.of("error", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("a request to the local API failed", e);
            answer(exchange, 500, Map.of("error", "the request failed; see the relay's log"));
        }
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        if (exchange.getResponseCode() >= 0) {
            // The answer has begun; its missing end tells the client.
            return;
        }
        byte[] bytes = Json.MAPPER.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
