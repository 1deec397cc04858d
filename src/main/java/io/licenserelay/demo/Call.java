package io.licenserelay.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One request with its body read, and the ways to answer it. Used by one thread. */
final class Call {
    /** Larger requests are answered 413. */
    static final int MAX_BODY = 16 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private final HttpExchange exchange;
    private final InetAddress client;
    private final byte[] body;
    private final List<String> segments;
    private UnaryOperator<JsonGenerator> shape = UnaryOperator.identity();
    private Charset charset = StandardCharsets.UTF_8;
    private boolean empty;

    /** Writes an answer's body. */
    interface JsonBody {
        void write(JsonGenerator json) throws IOException;
    }

    private Call(HttpExchange exchange, InetAddress client, byte[] body) {
        this.exchange = exchange;
        this.client = client;
        this.body = body;
        this.segments = Arrays.stream(rawPath().split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .map(Parameters::decodeSegment)
                .toList();
    }

    static Call read(HttpExchange exchange, InetAddress client) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        return new Call(exchange, client, body);
    }

    boolean tooLarge() {
        return body.length > MAX_BODY;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** As it came, still percent-encoded. */
    String rawPath() {
        return exchange.getRequestURI().getRawPath();
    }

    @Nullable
    String query() {
        return exchange.getRequestURI().getRawQuery();
    }

    /** The decoded parts of the path; a part may hold a slash. */
    List<String> segments() {
        return segments;
    }

    @Nullable
    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    HttpExchange exchange() {
        return exchange;
    }

    InetAddress client() {
        return client;
    }

    byte[] body() {
        return body;
    }

    /** 0 until answered. */
    int status() {
        return Math.max(0, exchange.getResponseCode());
    }

    Call with(String header, String value) {
        exchange.getResponseHeaders().set(header, value);
        return this;
    }

    /** Writes JSON answers otherwise than they were meant. */
    void shape(UnaryOperator<JsonGenerator> wanted) {
        UnaryOperator<JsonGenerator> before = shape;
        shape = json -> wanted.apply(before.apply(json));
    }

    /** Writes JSON answers in another charset than the header says. */
    void encode(Charset wanted) {
        charset = wanted;
    }

    void empty(boolean wanted) {
        empty = wanted;
    }

    /** Rows are to be left out. */
    boolean empty() {
        return empty;
    }

    /** A short answer, with its length announced. */
    void answer(int status, JsonBody content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, content);
        send(status, "application/json; charset=utf-8", bytes.toByteArray());
    }

    /** An answer of any size, sent as it is made. */
    void stream(int status, JsonBody content) throws IOException {
        with("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            write(out, content);
        }
    }

    void text(int status, String contentType, String content) throws IOException {
        send(status, contentType, content.getBytes(StandardCharsets.UTF_8));
    }

    void send(int status, String contentType, byte[] content) throws IOException {
        with("Content-Type", contentType);
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
        }
    }

    private void write(OutputStream out, JsonBody content) throws IOException {
        try (JsonGenerator json = shape.apply(generator(out))) {
            content.write(json);
        }
    }

    private JsonGenerator generator(OutputStream out) throws IOException {
        return charset.equals(StandardCharsets.UTF_8)
                ? JSON.createGenerator(out)
                : JSON.createGenerator(new OutputStreamWriter(out, charset));
    }
}
