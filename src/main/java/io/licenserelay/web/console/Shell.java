package io.licenserelay.web.console;

import io.licenserelay.config.site.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every page has around its content.
 *
 * @param title of the page
 * @param path of the page, to mark it in the menu
 * @param user the name of the user; null for the login page
 * @param mayRequest whether the user may request work
 * @param links the menu
 * @param query the parameters of the request, to fill the filters in
 */
public record Shell(
        String title,
        String path,
        @Nullable String user,
        boolean mayRequest,
        List<Link> links,
        Map<String, String> query,
        Assets assets) {

    /** An entry of the menu. */
    public record Link(String path, String name) {}

    /** The path of a style sheet, script or image. */
    public String asset(String name) {
        return assets.path(name);
    }

    /** The value of a filter; empty if it is not set. */
    public String filter(String name) {
        return query.getOrDefault(name, "");
    }

    /** The query of this page, with its question mark; empty for none. */
    public String here() {
        String all = query.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> Place.encode(each.getKey()) + '=' + Place.encode(each.getValue()))
                .collect(Collectors.joining("&"));
        return all.isEmpty() ? "" : '?' + all;
    }

    /** The query of the next page of a list. @param after the cursor */
    public String next(String after) {
        Map<String, String> next = new LinkedHashMap<>(query);
        next.put("after", after);
        return new Shell(title, path, user, mayRequest, links, next, assets).here();
    }
}
