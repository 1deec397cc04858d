package io.licenserelay.web.console;

import io.licenserelay.web.assets.Assets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every page has around its content.
 *
 * @param title of the page
 * @param path of the page, to mark it in the menu
 * @param user the name of the user; null for the login page
 * @param links the menu
 */
public record Shell(String title, String path, @Nullable String user, List<Link> links, Assets assets) {

    /** An entry of the menu. */
    public record Link(String path, String name) {}

    /** The path of a style sheet, script or image. */
    public String asset(String name) {
        return assets.path(name);
    }
}
