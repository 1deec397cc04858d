package io.licenserelay.web.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.view.ReadApi;
import io.licenserelay.view.calendar.CalendarEntry;
import io.licenserelay.view.calendar.ICalendar;
import io.licenserelay.view.query.BadQuery;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.web.access.Caller;
import io.licenserelay.web.access.Callers;
import io.licenserelay.web.access.LoginHandlers.LoginPage;
import io.licenserelay.web.access.Role;
import io.licenserelay.web.answer.Answers;
import io.licenserelay.web.api.ReadHandlers;
import io.licenserelay.web.api.WorkRequests;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages, behind the gate. A page shows what the API answers for the same query, so both have the same filters, limits and errors.
 * Thread-safe.
 */
public final class Pages implements LoginPage {
    private static final String HTML = "text/html; charset=utf-8";

    private static final List<Shell.Link> MENU = List.of(
            new Shell.Link("/", "Overview"),
            new Shell.Link("/incidents", "Incidents"),
            new Shell.Link("/licenses", "Licenses"),
            new Shell.Link("/reports", "Reports"),
            new Shell.Link("/runs", "Runs"),
            new Shell.Link("/calendar", "Calendar"),
            new Shell.Link("/outbox", "Outbox"),
            new Shell.Link("/cluster", "Cluster"),
            new Shell.Link("/about", "About"));

    private final Assets assets = new Assets();
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
    private final ReadApi reads;
    private final WorkRequests requests;
    private final Rules rules;
    private final Clock clock;

    /** @param rules the causes that the pages explain */
    public Pages(ReadApi reads, WorkRequests requests, Rules rules, Clock clock) {
        this.clock = clock;
        this.reads = reads;
        this.requests = requests;
        this.rules = rules;
    }

    /** What a page shows, by the name of the template's parameter. */
    interface Content {
        /**
         * Reads the content, on a thread that may block.
         *
         * @throws BadQuery if a parameter of the request is not valid
         * @throws NoSuchItem if the path names nothing
         */
        Map<String, Object> of(RoutingContext context);
    }

    /** Adds the paths of the pages and of their files to the router. */
    public void addTo(Router router) {
        assets.addTo(router);
        resource(router, "/", "overview", "Overview", "/overview");
        resource(router, "/incidents", "incidents", "Incidents", "/incidents");
        resource(router, "/incidents/:item", "incident", "Incident", "/incidents/");
        resource(router, "/licenses", "licenses", "Licenses", "/licenses");
        page(router, "/licenses/:id", "license", "License", this::license);
        resource(router, "/reports", "reports", "Usage reports", "/reports");
        resource(router, "/reports/:item", "report", "Usage report", "/reports/");
        resource(router, "/runs", "runs", "Runs", "/runs");
        resource(router, "/runs/:item", "run", "Run", "/runs/");
        resource(router, "/calendar", "calendar", "Calendar", "/calendar");
        resource(router, "/outbox", "outbox", "Outbox and topics", "/outbox");
        resource(router, "/cluster", "cluster", "Cluster", "/cluster");
        resource(router, "/about", "about", "About", "/about");
        router.get("/calendar.ics").blockingHandler(this::iCalendar, false);
        page(router, "/causes/:code", "cause", "Cause", this::cause);
        new WorkPages(requests).addTo(router, this);
        new LiveFragments(this).addTo(router);
    }

    /** A page that shows a resource of the API. @param resource its path; if it ends with a slash, the item of the page follows */
    private void resource(Router router, String path, String template, String title, String resource) {
        page(router, path, template, title, context -> read(context, resource));
    }

    Map<String, Object> read(RoutingContext context, String resource) {
        Map<String, String> query = ReadHandlers.parameters(context);
        // Fields of a form that were left empty filter nothing.
        query.values().removeIf(String::isEmpty);
        String path = resource.endsWith("/") ? resource + context.pathParam("item") : resource;
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("view", reads.answer(path, query));
        return content;
    }

    private Map<String, Object> license(RoutingContext context) {
        return Map.of("view", reads.answer("/licenses/" + context.pathParam("id") + "/history", Map.of()));
    }

    private Map<String, Object> cause(RoutingContext context) {
        return Map.of("cause", rules.entry(context.pathParam("code")).orElseThrow(() -> new NoSuchItem("cause")));
    }

    private void iCalendar(RoutingContext context) {
        Page<?> deadlines = (Page<?>) reads.answer("/calendar", Map.of());
        List<CalendarEntry> entries =
                deadlines.items().stream().map(CalendarEntry.class::cast).toList();
        context.response().putHeader("Content-Disposition", "attachment; filename=\"license-relay.ics\"");
        Answers.send(
                context,
                200,
                ICalendar.MEDIA_TYPE,
                ICalendar.of(entries, clock.instant()).getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a page. Its template gets a {@link Shell} and the content. */
    void page(Router router, String path, String template, String title, Content content) {
        router.get(path).blockingHandler(context -> answer(context, path, template, title, content), false);
    }

    private void answer(RoutingContext context, String path, String template, String title, Content content) {
        try {
            Map<String, Object> parameters = new LinkedHashMap<>(content.of(context));
            parameters.put("shell", shell(context, path, title));
            send(context, 200, render(template, parameters));
        } catch (BadQuery e) {
            error(context, 400, "The filter is not valid", String.valueOf(e.getMessage()));
        } catch (NoSuchItem e) {
            error(context, 404, "Not found", e.getMessage() + ". It may have been removed.");
        } catch (StoreFailed e) {
            error(context, 503, "The state cannot be read now", String.valueOf(e.getMessage()));
        }
    }

    void error(RoutingContext context, int status, String title, String detail) {
        send(context, status, render("error", Map.of("shell", shell(context, "", title), "detail", detail)));
    }

    private static void send(RoutingContext context, int status, String html) {
        Answers.send(context, status, HTML, html.getBytes(StandardCharsets.UTF_8));
    }

    private Shell shell(RoutingContext context, String path, String title) {
        Caller caller = Callers.of(context);
        Map<String, String> query = new LinkedHashMap<>();
        context.queryParams().forEach(query::putIfAbsent);
        return new Shell(title, path, caller.name(), caller.role() == Role.OPERATOR, MENU, query, assets);
    }

    @Override
    public String form(String message, boolean withPasswords) {
        return render(
                "login", Map.of("shell", loginShell("Log in"), "message", message, "withPasswords", withPasswords));
    }

    @Override
    public String loggedIn() {
        return render("loggedIn", Map.of("shell", loginShell("Logged in")));
    }

    private Shell loginShell(String title) {
        return new Shell(title, "/login", null, false, List.of(), Map.of(), assets);
    }

    /** The HTML of a template. Texts are escaped for their place by the template engine. */
    String render(String template, Map<String, Object> parameters) {
        StringOutput html = new StringOutput();
        templates.render(template + ".jte", parameters, html);
        return html.toString();
    }
}
