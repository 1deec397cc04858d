package io.licenserelay.web.console;

import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Sha256;
import io.licenserelay.web.access.Callers;
import io.licenserelay.web.access.Role;
import io.licenserelay.web.answer.Answers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Parts of pages that change by themselves, as server-sent events: a part is sent again when it differs from the last one. A handler of the
 * server writes them, because a Camel route would buffer the stream.
 */
final class LiveFragments {
    /** Streams that are open at the same time. */
    static final int MOST = 50;

    private static final long PERIOD_MILLIS = 2_000;

    /** An empty comment keeps the connection from being idle. */
    private static final int ROUNDS_PER_COMMENT = 10;

    private static final int MOST_ROUNDS = 300;

    private static final long MOST_WAITING_BYTES = 1 << 20;

    private final Pages pages;
    private final AtomicInteger open = new AtomicInteger();

    LiveFragments(Pages pages) {
        this.pages = pages;
    }

    void addTo(Router router) {
        stream(router, "/live/overview", "overviewSites", "/overview");
        stream(router, "/live/incidents", "incidentList", "/incidents");
    }

    private void stream(Router router, String path, String template, String resource) {
        router.get(path).handler(context -> begin(context, template, resource));
    }

    private void begin(RoutingContext context, String template, String resource) {
        if (open.incrementAndGet() > MOST) {
            open.decrementAndGet();
            Answers.problem(context, 503, "Too many pages are open. Close one, or reload the page by hand.");
            return;
        }
        HttpServerResponse response = context.response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Content-Encoding", "identity")
                .write("retry: 5000\n\n");
        Stream stream = new Stream(context, template, resource);
        Vertx vertx = context.vertx();
        long timer = vertx.setPeriodic(PERIOD_MILLIS, due -> stream.next());
        context.addEndHandler(ended -> {
            vertx.cancelTimer(timer);
            open.decrementAndGet();
        });
    }

    /** The stream of one page. Its methods are called on one event loop. */
    private final class Stream {
        private final RoutingContext context;
        private final String template;
        private final String resource;
        private String sent = "";
        private int round;
        private boolean reading;

        Stream(RoutingContext context, String template, String resource) {
            this.context = context;
            this.template = template;
            this.resource = resource;
        }

        void next() {
            round++;
            if (round > MOST_ROUNDS) {
                // The browser connects again, and has to prove its user again.
                context.response().end();
                return;
            }
            if (reading) {
                return;
            }
            if (round % ROUNDS_PER_COMMENT == 0) {
                context.response().write(":\n\n");
            }
            if (context.response().writeQueueFull()) {
                return;
            }
            reading = true;
            context.vertx().executeBlocking(this::html, false).onComplete(result -> {
                reading = false;
                if (result.succeeded()) {
                    send(result.result());
                }
            });
        }

        private String html() {
            try {
                Map<String, Object> parameters = new LinkedHashMap<>(pages.read(context, resource));
                parameters.put("mayRequest", Callers.of(context).role() == Role.OPERATOR);
                return pages.render(template, parameters);
            } catch (StoreFailed e) {
                return "<p role=\"alert\" class=\"problem\">The state cannot be read now.</p>";
            }
        }

        private void send(String html) {
            String hash = new Sha256().add(html).hex();
            if (context.response().closed() || hash.equals(sent) || html.length() > MOST_WAITING_BYTES) {
                return;
            }
            StringBuilder event = new StringBuilder("event: update\n");
            html.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
            context.response().write(event.append('\n').toString());
            sent = hash;
        }
    }
}
