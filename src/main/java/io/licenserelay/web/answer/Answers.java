package io.licenserelay.web.answer;

import io.licenserelay.text.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes answers. Every method may be called on any thread; an answer that has already begun is left as it is. */
public final class Answers {
    /** Below this path, an error is a JSON document; elsewhere it is text for people. */
    public static final String API = "/api/";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad request"),
            Map.entry(401, "Login required"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not found"),
            Map.entry(405, "Method not allowed"),
            Map.entry(409, "Not possible in this state"),
            Map.entry(413, "Too large"),
            Map.entry(415, "Unsupported media type"),
            Map.entry(421, "Unknown host name"),
            Map.entry(429, "Too many attempts"),
            Map.entry(500, "Internal error"),
            Map.entry(502, "The owner of the site did not do it"),
            Map.entry(503, "Busy"));

    private Answers() {}

    /** A JSON document. */
    public static void json(RoutingContext context, int status, Object body) {
        send(context, status, "application/json", Json.bytes(body));
    }

    /**
     * An error: {@code application/problem+json} (RFC 9457) for the API, and plain text for people elsewhere.
     *
     * @param detail what is wrong and how to correct it; without secrets
     */
    public static void problem(RoutingContext context, int status, String detail) {
        if (context.request().path() != null && context.request().path().startsWith(API)) {
            send(context, status, "application/problem+json", Json.bytes(problem(status, detail)));
        } else {
            send(
                    context,
                    status,
                    "text/plain; charset=utf-8",
                    (status + " " + title(status) + "\n" + detail + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The members of a problem document. */
    public static Map<String, Object> problem(int status, String detail) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", title(status));
        problem.put("status", status);
        problem.put("detail", detail);
        return problem;
    }

    /** Bytes of any type. A HEAD request gets the headers alone. */
    public static void send(RoutingContext context, int status, String type, byte[] body) {
        context.vertx().getOrCreateContext().runOnContext(ready -> write(context, status, type, body));
    }

    private static void write(RoutingContext context, int status, String type, byte[] body) {
        HttpServerResponse response = context.response();
        if (response.headWritten() || response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(status).putHeader("Content-Type", type);
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(body.length)).end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }

    /** Sends a browser to another page of this server. */
    public static void redirect(RoutingContext context, String path) {
        context.response().setStatusCode(303).putHeader("Location", path).end();
    }

    private static String title(int status) {
        return TITLES.getOrDefault(status, "Error");
    }
}
