package io.licenserelay.web.console;

import io.licenserelay.sync.run.Sites;
import io.licenserelay.text.Json;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.web.answer.Answers;
import io.licenserelay.web.api.WorkRequest;
import io.licenserelay.web.api.WorkRequests;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.Callable;

/** The buttons of the pages: a form begins work, and a page shows how it ends. */
final class WorkPages {
    private final WorkRequests requests;

    WorkPages(WorkRequests requests) {
        this.requests = requests;
    }

    void addTo(Router router, Pages pages) {
        form(router, pages, "/sites/:site/sync", context -> requests.sync(context.pathParam("site"), false));
        form(router, pages, "/sites/:site/accept", context -> requests.sync(context.pathParam("site"), true));
        form(router, pages, "/reports/:digest/resend", context -> requests.resend(context.pathParam("digest")));
        pages.page(router, "/requests/:id", "request", "Requested work", this::state);
    }

    private interface Work {
        WorkRequest begin(RoutingContext context);
    }

    private static void form(Router router, Pages pages, String path, Work work) {
        router.post(path).blockingHandler(context -> begin(context, pages, () -> work.begin(context)), false);
    }

    private static void begin(RoutingContext context, Pages pages, Callable<WorkRequest> work) {
        try {
            Answers.redirect(context, "/requests/" + work.call().id());
        } catch (Sites.UnknownSite e) {
            pages.error(context, 404, "Not found", String.valueOf(e.getMessage()));
        } catch (WorkRequests.Busy e) {
            pages.error(context, 503, "Busy", String.valueOf(e.getMessage()));
        } catch (Exception e) {
            context.fail(e);
        }
    }

    private Map<String, Object> state(RoutingContext context) {
        WorkRequest request = requests.find(context.pathParam("id")).orElseThrow(() -> new NoSuchItem("request"));
        return Map.of("request", Json.MAPPER.valueToTree(request.document()));
    }
}
