package io.licenserelay.simulator.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.licenserelay.text.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.commons.io.output.CountingOutputStream;
import org.jspecify.annotations.Nullable;

/** One request with its body read, and the ways to answer it. Used by one thread. */
public final class Call {
    /** Larger requests are answered 413. */
    public static final int MAX_BODY = 16 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private final HttpExchange exchange;
    private final InetAddress client;
    private final byte[] body;
    private final List<String> segments;
    private UnaryOperator<JsonGenerator> shape = UnaryOperator.identity();
    private Charset charset = StandardCharsets.UTF_8;
    private Consumer<Call> answered = call -> {};
    private boolean empty;
    private int status = 499;
    private long sent;

    /** Writes an answer's body. */
    public interface JsonBody {
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

    public static Call read(HttpExchange exchange, InetAddress client) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        return new Call(exchange, client, body);
    }

    public boolean tooLarge() {
        return body.length > MAX_BODY;
    }

    public String method() {
        return exchange.getRequestMethod();
    }

    /** As it came, still percent-encoded. */
    public String rawPath() {
        URI uri = exchange.getRequestURI();
        // A path that begins with two slashes reads as a host.
        return uri.getRawAuthority() == null || uri.isAbsolute()
                ? uri.getRawPath()
                : "//" + uri.getRawAuthority() + uri.getRawPath();
    }

    @Nullable
    public String query() {
        return exchange.getRequestURI().getRawQuery();
    }

    /** The decoded parts of the path; a part may hold a slash. */
    public List<String> segments() {
        return segments;
    }

    @Nullable
    public String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    HttpExchange exchange() {
        return exchange;
    }

    public InetAddress client() {
        return client;
    }

    public byte[] body() {
        return body;
    }

    /** The answer's status; 499 while there is none, as nginx says of clients that left unanswered. */
    public int status() {
        return status;
    }

    /** Bytes of the answer's body. */
    public long sent() {
        return sent;
    }

    /**
     * Told once, with status and size known: just before a short answer leaves, so that a log line is there when the client
     * looks for it, and after a long one.
     */
    public void onAnswer(Consumer<Call> listener) {
        answered = listener;
    }

    /** Tells the listener, if nobody has. */
    public void end() {
        Consumer<Call> listener = answered;
        answered = call -> {};
        listener.accept(this);
    }

    public Call with(String header, String value) {
        exchange.getResponseHeaders().set(header, value);
        return this;
    }

    /** Writes JSON answers otherwise than they were meant. */
    public void shape(UnaryOperator<JsonGenerator> wanted) {
        UnaryOperator<JsonGenerator> before = shape;
        shape = json -> wanted.apply(before.apply(json));
    }

    /** Writes JSON answers in another charset than the header says. */
    public void encode(Charset wanted) {
        charset = wanted;
    }

    public void empty(boolean wanted) {
        empty = wanted;
    }

    /** Rows are to be left out. */
    public boolean empty() {
        return empty;
    }

    /** A short answer, with its length announced. */
    public void answer(int code, JsonBody content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, content);
        send(code, "application/json; charset=utf-8", bytes.toByteArray());
    }

    public void answer(int code, JsonNode content) throws IOException {
        answer(code, json -> Json.MAPPER.writeTree(json, content));
    }

    /** An answer of any size, sent as it is made. */
    public void stream(int code, JsonBody content) throws IOException {
        try (CountingOutputStream out = open(code)) {
            write(out, content);
            sent = out.getByteCount();
        }
        end();
    }

    public void stream(int code, JsonNode content) throws IOException {
        stream(code, json -> Json.MAPPER.writeTree(json, content));
    }

    /** The way for a JSON answer of any size; the caller closes it. */
    public CountingOutputStream open(int code) throws IOException {
        with("Content-Type", "application/json; charset=utf-8");
        status = code;
        exchange.sendResponseHeaders(code, 0);
        return new CountingOutputStream(exchange.getResponseBody());
    }

    public void text(int code, String contentType, String content) throws IOException {
        send(code, contentType, content.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int code, String contentType, byte[] content) throws IOException {
        with("Content-Type", contentType);
        status = code;
        sent = content.length;
        end();
        exchange.sendResponseHeaders(code, content.length == 0 ? -1 : content.length);
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

    /** Answers an error in the form of SSM's interface: {@code {"status":"ERROR","statusMessage":…}}. */
    public void error(int status, String message) throws IOException {
        answer(status, Json.object().put("status", "ERROR").put("statusMessage", message));
    }
}
