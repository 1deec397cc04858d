package io.licenserelay.web.console;

import io.licenserelay.config.site.Place;
import io.licenserelay.web.assets.Assets;
import java.util.List;
import java.util.Map;
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

    /** The address of the next page of a list. @param after the cursor */
    public String next(String after) {
        StringBuilder next = new StringBuilder("?after=").append(Place.encode(after));
        query.forEach((name, value) -> {
            if (!name.equals("after") && !value.isEmpty()) {
                next.append('&').append(Place.encode(name)).append('=').append(Place.encode(value));
            }
        });
        return next.toString();
    }
}
