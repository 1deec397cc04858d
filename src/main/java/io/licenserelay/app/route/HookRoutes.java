package io.licenserelay.app.route;

import io.licenserelay.event.hook.Hook;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/** Finds the routes of an operator that begin at hooks, and those that look as if they should. */
public final class HookRoutes {
    private static final Set<String> GROUPS =
            Set.of(EvidenceRoutes.PROBES, EvidenceRoutes.MANAGER_PROBES, EvidenceRoutes.LOG_TAILS);

    /** Letters by which a misspelt name differs from that of a hook. */
    private static final int CLOSE = 3;

    /**
     * A route of the operator that begins at a hook, or that nothing calls.
     *
     * @param hook null when nothing calls the route
     * @param where the route and its file
     * @param begins the endpoint
     * @param fix what to do about a route that nothing calls
     */
    public record Found(@Nullable Hook hook, String where, String begins, String fix) {}

    private HookRoutes() {}

    /** Whether the endpoint, with or without parameters, is a hook. */
    static boolean isHook(String endpoint) {
        return hook(endpoint).isPresent();
    }

    private static Optional<Hook> hook(String endpoint) {
        String name = withoutParameters(endpoint);
        return Arrays.stream(Hook.values())
                .filter(hook -> hook.endpoint().equals(name))
                .findFirst();
    }

    private static String withoutParameters(String endpoint) {
        return endpoint.replaceFirst("\\?.*", "").replace("direct://", "direct:");
    }

    /** Every route at a hook, and every route of the operator that nothing calls. */
    public static List<Found> in(CamelContext context, RouteFiles files) {
        List<Found> results = new ArrayList<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            String begins = withoutParameters(String.valueOf(route.getInput().getEndpointUri()));
            String where = "route " + route.getRouteId() + " in " + file(route);
            Optional<Hook> hook = hook(begins);
            if (hook.isPresent()) {
                results.add(new Found(hook.get(), where, begins, ""));
            } else if (isUnused(route, begins, files)) {
                results.add(new Found(null, where, begins, fix(begins)));
            }
        }
        return results;
    }

    private static String file(RouteDefinition route) {
        return route.getResource() == null
                ? "a file"
                : route.getResource().getLocation().replaceFirst("^(?:file|classpath):", "");
    }

    /** Of the operator's files only; a name that is made when a message arrives cannot be known. */
    private static boolean isUnused(RouteDefinition route, String begins, RouteFiles files) {
        boolean own = files.own().stream().anyMatch(each -> file(route).endsWith(each.name()));
        if (!own || !begins.startsWith("direct:") || GROUPS.contains(String.valueOf(route.getGroup()))) {
            return false;
        }
        Pattern named = Pattern.compile(Pattern.quote(begins) + "(?![\\w.-])");
        long times = files.texts().values().stream()
                .mapToLong(text -> named.matcher(text).results().count())
                .sum();
        return times < 2 && !SiteRoutes.CALLED_BY_THE_RELAY.contains(begins);
    }

    private static String fix(String begins) {
        return Arrays.stream(Hook.values())
                .filter(hook -> distance(hook.endpoint(), begins) <= CLOSE)
                .findFirst()
                .map(hook -> "is " + hook.endpoint() + " meant?")
                .orElse("call it, or remove it");
    }

    /** The edit distance of Levenshtein. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
