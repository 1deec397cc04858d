package io.licenserelay.web.console;

import io.licenserelay.text.Sha256;
import io.licenserelay.web.access.Gate;
import io.licenserelay.web.answer.Answers;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A closed list of files of the class path. A path contains the hash of its file, so a browser may keep it for ever. Thread-safe.
 */
public final class Assets {
    private static final String PREFIX = Gate.ASSETS;
    private static final String LIBRARIES = "META-INF/resources/webjars/";
    private static final int HASH_DIGITS = 16;

    private final Map<String, Asset> byPath = new LinkedHashMap<>();
    private final Map<String, String> pathByName = new LinkedHashMap<>();

    private record Asset(byte[] bytes, String type, String tag) {}

    /** Reads all files. */
    public Assets() {
        add("pico.css", LIBRARIES + "picocss__pico/2.1.1/css/pico.min.css", "text/css; charset=utf-8");
        add("htmx.js", LIBRARIES + "htmx.org/2.0.8/dist/htmx.min.js", "text/javascript; charset=utf-8");
        add("sse.js", LIBRARIES + "htmx-ext-sse/2.2.2/sse.js", "text/javascript; charset=utf-8");
        add("uplot.js", LIBRARIES + "uplot/1.6.30/dist/uPlot.iife.min.js", "text/javascript; charset=utf-8");
        add("uplot.css", LIBRARIES + "uplot/1.6.30/dist/uPlot.min.css", "text/css; charset=utf-8");
        add("console.css", "console/console.css", "text/css; charset=utf-8");
        add("console.js", "console/console.js", "text/javascript; charset=utf-8");
        add("icon.svg", "console/icon.svg", "image/svg+xml");
    }

    /** Adds the path of each file to the router. */
    public void addTo(Router router) {
        byPath.forEach((path, asset) -> router.get(path).handler(context -> send(context, asset)));
    }

    /**
     * The path of a file: {@code /assets/console-0123456789abcdef.css}.
     *
     * @throws IllegalArgumentException if the list has no such file
     */
    public String path(String name) {
        String path = pathByName.get(name);
        if (path == null) {
            throw new IllegalArgumentException("no asset \"" + name + "\"");
        }
        return path;
    }

    private void add(String name, String resource, String type) {
        byte[] bytes = read(resource);
        String hash = new Sha256().add(bytes).hex().substring(0, HASH_DIGITS);
        int dot = name.lastIndexOf('.');
        String path = PREFIX + name.substring(0, dot) + '-' + hash + name.substring(dot);
        byPath.put(path, new Asset(bytes, type, '"' + hash + '"'));
        pathByName.put(name, path);
    }

    private static byte[] read(String resource) {
        try (InputStream in =
                Objects.requireNonNull(Assets.class.getClassLoader().getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the asset " + resource + " cannot be read", e);
        }
    }

    private static void send(RoutingContext context, Asset asset) {
        context.response()
                .putHeader("Cache-Control", "public, max-age=31536000, immutable")
                .putHeader("ETag", asset.tag());
        if (asset.tag().equals(context.request().getHeader("If-None-Match"))) {
            context.response().setStatusCode(304).end();
            return;
        }
        Answers.send(context, 200, asset.type(), asset.bytes());
    }
}
