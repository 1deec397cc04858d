package io.licenserelay.web.api;

import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Json;
import io.licenserelay.text.Sha256;
import io.licenserelay.view.ReadApi;
import io.licenserelay.view.query.BadQuery;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.web.answer.Answers;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The read resources of the API over HTTP, with entity tags. */
public final class ReadHandlers {
    private static final int TAG_DIGITS = 32;

    private final ReadApi reads;

    public ReadHandlers(ReadApi reads) {
        this.reads = reads;
    }

    /** Adds the path of each resource to the router. */
    public void addTo(Router router) {
        reads.resources().keySet().forEach(template -> router.get(
                        ReadApi.BASE + template.replaceAll("\\{([a-z]+)}", ":$1"))
                .blockingHandler(this::answer, false));
    }

    private void answer(RoutingContext context) {
        try {
            String path = context.normalizedPath().substring(ReadApi.BASE.length());
            byte[] body = Json.bytes(reads.answer(decoded(path), parameters(context)));
            String tag = '"' + new Sha256().add(body).hex().substring(0, TAG_DIGITS) + '"';
            context.response().putHeader("ETag", tag).putHeader("Cache-Control", "private, no-cache");
            if (tag.equals(context.request().getHeader("If-None-Match"))) {
                context.response().setStatusCode(304).end();
            } else {
                Answers.send(context, 200, "application/json", body);
            }
        } catch (BadQuery e) {
            Answers.problem(context, 400, String.valueOf(e.getMessage()));
        } catch (NoSuchItem e) {
            Answers.problem(context, 404, String.valueOf(e.getMessage()));
        } catch (StoreFailed e) {
            Answers.problem(context, 503, "The state cannot be read now: " + e.getMessage());
        }
    }

    /**
     * The query parameters of a request.
     *
     * @throws BadQuery if one occurs twice
     */
    public static Map<String, String> parameters(RoutingContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : context.queryParams()) {
            if (parameters.put(each.getKey(), each.getValue()) != null) {
                throw BadQuery.value(each.getKey(), each.getValue(), "it once");
            }
        }
        return parameters;
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
