package io.licenserelay.app.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The route files cannot be used; the message says which, and where in it when Camel knows. */
public final class BadRoutes extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message with the fix */
    public BadRoutes(String message) {
        super(message);
    }

    /** @param files that were loaded; the message names the file and line of what Camel complains about, where it can be found */
    public BadRoutes(RouteFiles files, Exception cause) {
        super(text(files, reasons(cause)), cause);
    }

    private static String text(RouteFiles files, String reasons) {
        List<String> places = reasons.contains(", line ") ? List.of() : RoutePlaces.of(files.texts(), reasons);
        return "The routes in " + files.source() + " cannot be used: " + reasons
                + places.stream()
                        .map(place -> System.lineSeparator() + "   in " + place)
                        .collect(Collectors.joining());
    }

    /** Every message on the way to the innermost, which alone has file and line; a line that only repeats is left out. */
    private static String reasons(Throwable thrown) {
        Set<String> lines = new LinkedHashSet<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (message != null
                    && (each.getCause() == null
                            || !message.contains(each.getCause().toString()))) {
                message.lines().filter(line -> !line.isBlank()).forEach(lines::add);
            }
        }
        return lines.stream().collect(Collectors.joining(System.lineSeparator() + "  "));
    }
}
