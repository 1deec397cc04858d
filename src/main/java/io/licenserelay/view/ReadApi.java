package io.licenserelay.view;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.view.about.About;
import io.licenserelay.view.calendar.CalendarFilter;
import io.licenserelay.view.calendar.DeadlineCalendar;
import io.licenserelay.view.cluster.ClusterNodes;
import io.licenserelay.view.cluster.ClusterState;
import io.licenserelay.view.incidents.IncidentFilter;
import io.licenserelay.view.incidents.IncidentList;
import io.licenserelay.view.licenses.LicenseFilter;
import io.licenserelay.view.licenses.LicenseList;
import io.licenserelay.view.outbox.OutboxTopics;
import io.licenserelay.view.query.BadQuery;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.view.query.QueryParameters;
import io.licenserelay.view.reports.ReportFilter;
import io.licenserelay.view.reports.ReportList;
import io.licenserelay.view.runs.RunFilter;
import io.licenserelay.view.runs.Runs;
import io.licenserelay.view.sites.Overview;
import io.licenserelay.view.sites.OverviewView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of all read resources of the API. The HTTP server passes path and query parameters, and writes the answer with
 * {@link io.licenserelay.text.Json#MAPPER}. Thread-safe; a call reads the store on the calling thread, so it must not be an event loop.
 */
public final class ReadApi {
    /** The path of the API at the server. */
    public static final String BASE = "/api/v1";

    private static final Set<String> PAGED = Set.of("limit", "after");

    private final ReadSources sources;
    private final Map<String, Resource> resources = new LinkedHashMap<>();

    public ReadApi(ReadSources sources) {
        this.sources = sources;
        Overview overview = new Overview(sources.database(), sources.sites(), sources.clock());
        Runs runs = new Runs(sources.database());
        LicenseList licenses = new LicenseList(sources.database());
        ReportList reports = new ReportList(sources.database(), sources.clock());
        IncidentList incidents = new IncidentList(sources.database());
        DeadlineCalendar deadlines = new DeadlineCalendar(sources.database(), sources.sites(), sources.clock());
        OutboxTopics outbox =
                new OutboxTopics(sources.database(), sources.configuration().settings());
        About about = new About(
                sources.configuration(), sources.sites(), sources.rules(), sources.version(), sources.store());
        list("/overview", Set.of(), (item, query) -> overview.overview(query.page()));
        list("/sites", Set.of(), (item, query) -> overview.list(query.page()));
        one("/sites/{site}", (item, query) -> overview.one(item));
        list("/runs", RunFilter.PARAMETERS, (item, query) -> runs.list(RunFilter.of(query, siteNames()), query.page()));
        one("/runs/{id}", (item, query) -> runs.one(item));
        list(
                "/licenses",
                LicenseFilter.PARAMETERS,
                (item, query) -> licenses.list(LicenseFilter.of(query, siteNames()), query.page()));
        one("/licenses/{id}/history", (item, query) -> licenses.history(item));
        list(
                "/reports",
                ReportFilter.PARAMETERS,
                (item, query) -> reports.list(ReportFilter.of(query, siteNames()), query.page()));
        one("/reports/{digest}", (item, query) -> reports.one(item));
        list(
                "/incidents",
                IncidentFilter.PARAMETERS,
                (item, query) -> incidents.list(IncidentFilter.of(query, places()), query.page()));
        one("/incidents/{id}", (item, query) -> incidents.one(item));
        resources.put(
                "/calendar",
                new Resource(
                        CalendarFilter.PARAMETERS,
                        (item, query) -> Page.whole(deadlines.list(CalendarFilter.of(query, siteNames())))));
        one("/outbox", (item, query) -> outbox.view());
        one("/cluster", (item, query) -> cluster());
        one("/about", (item, query) -> about.view());
    }

    /**
     * Answers a request.
     *
     * @param path below {@link #BASE}: {@code /runs/1762000000000000}
     * @param query the parameters of the request, decoded
     * @return a record, ready for JSON
     * @throws BadQuery if a parameter is unknown or has an invalid value: status 400
     * @throws NoSuchItem if there is no such resource or item: status 404
     * @throws io.licenserelay.store.StoreFailed if the state cannot be read: status 503
     */
    public Object answer(String path, Map<String, String> query) {
        for (Map.Entry<String, Resource> each : resources.entrySet()) {
            Optional<String> item = matched(each.getKey(), path);
            if (item.isPresent()) {
                Resource resource = each.getValue();
                Object answer = resource.read.answer(item.get(), QueryParameters.of(query, resource.parameters));
                return linked(answer, path, query);
            }
        }
        throw new NoSuchItem("resource");
    }

    /** The paths of all resources with the names of their parameters: {@code /runs/{id}}. */
    public Map<String, Set<String>> resources() {
        Map<String, Set<String>> all = new TreeMap<>();
        resources.forEach((template, resource) -> all.put(template, new TreeSet<>(resource.parameters)));
        return all;
    }

    /** @return the part of the path that stands for the parameter, or an empty text if the template has none; empty if it does not match */
    private static Optional<String> matched(String template, String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        String item = "";
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{") && !given[i].isEmpty()) {
                item = given[i];
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(item);
    }

    private static Object linked(Object answer, String path, Map<String, String> query) {
        if (answer instanceof Page<?> page) {
            return linked(page, path, query);
        }
        if (answer instanceof OverviewView overview) {
            return new OverviewView(overview.at(), overview.relayIncidents(), linked(overview.sites(), path, query));
        }
        return answer;
    }

    private static <T> Page<T> linked(Page<T> page, String path, Map<String, String> query) {
        String after = page.after();
        if (after == null) {
            return page;
        }
        Map<String, String> next = new TreeMap<>(query);
        next.put("after", after);
        return page.linked(BASE + path + "?"
                + next.entrySet().stream()
                        .map(each -> Place.encode(each.getKey()) + "=" + Place.encode(each.getValue()))
                        .collect(Collectors.joining("&")));
    }

    private ClusterState cluster() {
        ClusterNodes nodes = new ClusterNodes(sources.store(), sources.sites().get());
        return sources.cluster()
                .map(cluster -> nodes.shared(cluster, Optional.of(sources.database())))
                .orElseGet(() -> nodes.alone(
                        sources.configuration().cluster().node(),
                        sources.host(),
                        sources.version(),
                        true,
                        Optional.of(sources.database())));
    }

    private List<String> siteNames() {
        return sources.sites().get().stream().map(Site::name).sorted().toList();
    }

    /** The sites, and the name of the place of the relay's own incidents. */
    private List<String> places() {
        return Stream.concat(siteNames().stream(), Stream.of(Place.RELAY)).toList();
    }

    private void list(String template, Set<String> parameters, Read read) {
        Set<String> all = new TreeSet<>(parameters);
        all.addAll(PAGED);
        resources.put(template, new Resource(all, read));
    }

    private void one(String template, Read read) {
        resources.put(template, new Resource(Set.of(), read));
    }

    /** A resource. @param parameters the names of its query parameters */
    private record Resource(Set<String> parameters, Read read) {}

    /** Reads a resource. */
    @FunctionalInterface
    private interface Read {
        /** @param item the parameter in the path; an empty text if the template has none */
        Object answer(String item, QueryParameters query);
    }
}
