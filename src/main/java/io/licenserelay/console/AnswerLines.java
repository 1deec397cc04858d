package io.licenserelay.console;

import com.sun.net.httpserver.HttpExchange;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of the local API that is sent line by line, each one a JSON object. The first line sends the status 200. */
final class AnswerLines implements RequestListener, AutoCloseable {
    static final String SITE = "site";
    static final String NODE = "node";
    static final String PROBLEM = "problem";

    private final HttpExchange exchange;
    private @Nullable OutputStream out;

    AnswerLines(HttpExchange exchange) {
        this.exchange = exchange;
    }

    void write(Object line) throws IOException {
        OutputStream begun = out;
        if (begun == null) {
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.sendResponseHeaders(200, 0);
            begun = exchange.getResponseBody();
            out = begun;
        }
        begun.write(Json.bytes(line));
        begun.write('\n');
        begun.flush();
    }

    @Override
    public void taken(String site, String node) {
        writeEvent(Map.of(SITE, site, NODE, node));
    }

    @Override
    public void problem(String site, String problem) {
        writeEvent(Map.of(SITE, site, PROBLEM, problem));
    }

    /** The client has ended if this fails. */
    private void writeEvent(Map<String, String> line) {
        try {
            write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
