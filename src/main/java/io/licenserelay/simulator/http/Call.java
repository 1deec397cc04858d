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

/** One request with its body, and the methods that answer it. Used by one thread. */
public final class Call {
    /** The maximum size of a request body. Larger requests are answered with 413. */
    public static final int MAX_BODY = 16 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private final HttpExchange exchange;
    private final InetAddress client;
    private final byte[] body;
    private final List<String> segments;
    private UnaryOperator<JsonGenerator> shape = UnaryOperator.identity();
    private Charset charset = StandardCharsets.UTF_8;
    private Consumer<Call> answerListener = call -> {};
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

    /** The path as received, still percent-encoded. */
    public String rawPath() {
        URI uri = exchange.getRequestURI();
        // URI parses the start of a path with two leading slashes as a host.
        return uri.getRawAuthority() == null || uri.isAbsolute()
                ? uri.getRawPath()
                : "//" + uri.getRawAuthority() + uri.getRawPath();
    }

    @Nullable
    public String query() {
        return exchange.getRequestURI().getRawQuery();
    }

    /** The decoded segments of the path. A segment can contain a slash. */
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

    /** The status of the answer; 499 before the answer, as nginx logs for a client that disconnected early. */
    public int status() {
        return status;
    }

    /** The number of bytes of the answer's body. */
    public long sent() {
        return sent;
    }

    /**
     * Sets the listener that is called once, when status and size are known. It is called before a short answer is
     * sent, so that the log line exists when the client receives the answer. It is called after a streamed answer.
     */
    public void onAnswer(Consumer<Call> listener) {
        answerListener = listener;
    }

    /** Notifies the listener, unless it was notified already. */
    public void end() {
        Consumer<Call> listener = answerListener;
        answerListener = call -> {};
        listener.accept(this);
    }

    public Call with(String header, String value) {
        exchange.getResponseHeaders().set(header, value);
        return this;
    }

    /** Adds a generator that changes JSON answers. */
    public void shape(UnaryOperator<JsonGenerator> change) {
        UnaryOperator<JsonGenerator> previous = shape;
        shape = json -> change.apply(previous.apply(json));
    }

    /** Writes JSON answers in another charset than the header declares. */
    public void encode(Charset other) {
        charset = other;
    }

    public void empty(boolean withoutRows) {
        empty = withoutRows;
    }

    /** Returns whether the answer must contain no rows. */
    public boolean empty() {
        return empty;
    }

    /** Sends a short answer with its length in the header. */
    public void answer(int code, JsonBody content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, content);
        send(code, "application/json; charset=utf-8", bytes.toByteArray());
    }

    public void answer(int code, JsonNode content) throws IOException {
        answer(code, json -> Json.MAPPER.writeTree(json, content));
    }

    /** Streams an answer of any size. */
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

    /** Opens the stream of a JSON answer of any size. The caller closes it. */
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
