package io.licenserelay.app.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The route files cannot be used. The message names the file, and the line if Camel reports it. */
public final class BadRoutes extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message the problem and the fix */
    public BadRoutes(String message) {
        super(message);
    }

    /** @param files the loaded files, to find the file and line of Camel's error */
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

    /** The messages of the whole cause chain without repetitions. Only the innermost message contains file and line. */
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
