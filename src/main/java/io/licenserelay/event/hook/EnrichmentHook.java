package io.licenserelay.event.hook;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.BoundedJson;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the hook {@code enrich-incident} for fields of an event. Thread-safe. */
public final class EnrichmentHook {
    private static final Logger LOG = LoggerFactory.getLogger(EnrichmentHook.class);

    private static final int LARGEST = 8 * 1024;
    private static final int MOST_TOKENS = 2000;

    /** Jackson writes no event that is deeper than 1000, so what is added stays far below. */
    private static final int DEEPEST = 20;

    private final HookCalls calls;

    public EnrichmentHook(HookCalls calls) {
        this.calls = calls;
    }

    /** Of a run that has no time left to call the hook, if it is provided. */
    public Enrichment outOfTime() {
        return isProvided()
                ? new Enrichment(null, "hook enrich-incident: it was not called, since the time of the run was over")
                : Enrichment.NONE;
    }

    public boolean isProvided() {
        return calls.isProvided(Hook.ENRICH_INCIDENT);
    }

    /**
     * Calls the hook; a failure is in the result, and never thrown. Takes at most two seconds, so the caller holds no transaction. When
     * the relay stops meanwhile, the event is still recorded, so the interruption ends here.
     *
     * @param event its data, redacted; not asked for when no route begins at the hook
     */
    public Enrichment of(Supplier<ObjectNode> event) {
        if (!isProvided()) {
            return Enrichment.NONE;
        }
        ObjectNode data = event.get();
        try {
            Object answer = calls.call(Hook.ENRICH_INCIDENT, Json.write(data), data, Hook.ENRICH_INCIDENT.limit());
            return answer instanceof ObjectNode extra && !extra.isEmpty()
                    ? new Enrichment(extra, null)
                    : Enrichment.NONE;
        } catch (HookFailed failed) {
            LOG.warn("hook enrich-incident: {}; the event goes without what it adds", failed.getMessage());
            LOG.debug("in full", failed);
            return new Enrichment(null, "hook enrich-incident: " + failed.getMessage());
        } catch (InterruptedException stopping) {
            LOG.info("hook enrich-incident was interrupted, since the relay stops");
            return new Enrichment(null, "hook enrich-incident: it was interrupted, since the relay stops");
        }
    }

    /**
     * Reads what the route of the hook returned, on the thread of the route: a stream ends with its exchange.
     *
     * @return a missing node when it returned nothing
     * @throws HookFailed when that is not a JSON object, or larger or deeper than an event takes
     * @throws IOException when a stream breaks off
     */
    public JsonNode read(@Body @Nullable Object body) throws HookFailed, IOException {
        byte[] json = bytes(body);
        if (json.length > LARGEST) {
            throw new HookFailed("it returned more than " + LARGEST + " bytes");
        }
        JsonNode tree = parse(json);
        if (tree.isMissingNode()) {
            return MissingNode.getInstance();
        }
        if (!tree.isObject()) {
            throw new HookFailed("it returned no JSON object");
        }
        if (depth(tree) > DEEPEST) {
            throw new HookFailed("it returned JSON that is deeper than " + DEEPEST);
        }
        return tree;
    }

    private static byte[] bytes(@Nullable Object body) throws HookFailed, IOException {
        if (body == null) {
            return new byte[0];
        }
        if (body instanceof InputStream stream) {
            return stream.readNBytes(LARGEST + 1);
        }
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        if (body instanceof String text) {
            return text.strip().getBytes(StandardCharsets.UTF_8);
        }
        if (body instanceof Map<?, ?> || body instanceof JsonNode) {
            return Json.bytes(body);
        }
        throw new HookFailed("it returned neither JSON text nor a map");
    }

    private static JsonNode parse(byte[] json) throws HookFailed {
        try {
            return BoundedJson.tree(json, MOST_TOKENS);
        } catch (StreamConstraintsException e) {
            throw new HookFailed(
                    "it returned JSON with more than " + MOST_TOKENS + " values and names, or too deep", e);
        } catch (IOException e) {
            throw new HookFailed("it returned no JSON object", e);
        }
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, depth(child));
        }
        return node.isContainerNode() ? deepest + 1 : 0;
    }
}
