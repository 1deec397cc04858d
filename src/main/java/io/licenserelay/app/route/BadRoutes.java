package io.licenserelay.app.route;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The route files cannot be used; the message says which, and where in it when Camel knows. */
public final class BadRoutes extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message with the fix */
    public BadRoutes(String message) {
        super(message);
    }

    /** @param from the folder or the packed files, for people */
    public BadRoutes(String from, Exception cause) {
        super("The routes in " + from + " cannot be used: " + reasons(cause), cause);
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
