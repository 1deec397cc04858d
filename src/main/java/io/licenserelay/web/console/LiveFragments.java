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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overview that changes by itself, as server-sent events: it is sent again when it differs from the last one. A handler of the
 * server writes them, because a Camel route would buffer the stream.
 */
final class LiveFragments {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFragments.class);

    /** Streams that are open at the same time. */
    static final int MOST = 50;

    private static final long PERIOD_MILLIS = 2_000;

    /** An empty comment keeps the connection from being idle. */
    private static final int ROUNDS_PER_COMMENT = 10;

    /** A stream reads at most a tenth of the time, however long it takes with many sites. */
    private static final int RESTS = 9;

    private static final int MOST_ROUNDS = 300;

    private static final long MOST_WAITING_BYTES = 1 << 20;

    private final Pages pages;
    private final AtomicInteger open = new AtomicInteger();

    LiveFragments(Pages pages) {
        this.pages = pages;
    }

    void addTo(Router router) {
        router.get("/live/overview").handler(this::begin);
    }

    private void begin(RoutingContext context) {
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
        Stream stream = new Stream(context);
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
        private String sent = "";
        private int round;
        private boolean reading;
        private long restUntil = System.nanoTime();

        Stream(RoutingContext context) {
            this.context = context;
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
            long begun = System.nanoTime();
            if (context.response().writeQueueFull() || begun - restUntil < 0) {
                return;
            }
            reading = true;
            context.vertx()
                    .executeBlocking(this::html, false)
                    .onComplete(read -> {
                        long ended = System.nanoTime();
                        reading = false;
                        restUntil = ended + RESTS * (ended - begun);
                    })
                    .onSuccess(this::send)
                    .onFailure(failed -> {
                        LOG.error("The live part of the overview cannot be made", failed);
                        context.response().end();
                    });
        }

        private String html() {
            try {
                Map<String, Object> parameters = new LinkedHashMap<>(pages.read(context, "/overview"));
                parameters.put("mayRequest", Callers.of(context).role() == Role.OPERATOR);
                return pages.render("overviewSites", parameters);
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
