package io.licenserelay.simulator.fault;

import io.licenserelay.config.site.Resource;
import io.licenserelay.simulator.estate.RequestedSelection;
import io.licenserelay.simulator.http.Call;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The account and resource of a request, so that a fault can be limited to them.
 *
 * @param resource the {@link Resource#wireName()}, empty if the path belongs to no resource
 * @param account empty if the path names no account
 * @param vas the virtual accounts that the path or the body names
 */
public record RequestSubject(String resource, String account, Set<String> vas) {
    private static final Map<String, Resource> BY_LAST_SEGMENT = Map.of(
            "virtual-accounts", Resource.VIRTUAL_ACCOUNTS,
            "licenses", Resource.LICENSES,
            "license-subscriptions", Resource.SUBSCRIPTIONS,
            "devices", Resource.DEVICES,
            "alerts", Resource.ALERTS,
            "token", Resource.TOKEN,
            "token.oauth2", Resource.TOKEN,
            "reportusage", Resource.REPORT_USAGE,
            "poll", Resource.POLL);

    public static RequestSubject of(Call call) throws IOException {
        List<String> path = call.segments();
        String last = path.isEmpty() ? "" : path.get(path.size() - 1);
        if (path.contains("upstream_satellites") || last.equals("search")) {
            return new RequestSubject(Resource.ACCOUNTS.wireName(), "", Set.of());
        }
        Resource resource = BY_LAST_SEGMENT.get(last);
        return new RequestSubject(
                resource == null ? "" : resource.wireName(), segmentAfter("accounts", path), vas(call, path));
    }

    private static Set<String> vas(Call call, List<String> path) throws IOException {
        String vaInPath = segmentAfter("virtual-accounts", path);
        if (!vaInPath.isEmpty()) {
            return Set.of(vaInPath);
        }
        RequestedSelection selection = path.contains("accounts") ? RequestedSelection.of(call.body()) : null;
        return selection == null ? Set.of() : selection.vas();
    }

    private static String segmentAfter(String segment, List<String> path) {
        int at = path.indexOf(segment);
        return at >= 0 && at + 1 < path.size() ? path.get(at + 1) : "";
    }
}
