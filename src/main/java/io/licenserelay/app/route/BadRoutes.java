package io.licenserelay.app.route;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The route files cannot be used. The message names the file, and the line if Camel reports it. */
public final class BadRoutes extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message the problem and the fix */
    public BadRoutes(String message) {
        super(message);
    }

    /** @param files the loaded files, to find the file and line of Camel's error */
    public BadRoutes(RouteFiles files, Exception cause) {
        super(text(files, messages(cause)), cause);
    }

    private static String text(RouteFiles files, List<String> messages) {
        String all = String.join("\n", messages);
        List<String> places = all.contains(", line ") ? List.of() : RoutePlaces.of(files.texts(), all);
        return "The routes in " + files.source() + " cannot be used: "
                + reasons(messages).collect(Collectors.joining(System.lineSeparator() + "  "))
                + RouteSpelling.suggestion(all)
                        .map(suggestion -> System.lineSeparator() + "   " + suggestion)
                        .orElse("")
                + places.stream()
                        .map(place -> System.lineSeparator() + "   in " + place)
                        .collect(Collectors.joining());
    }

    private static List<String> messages(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                messages.add(each.getMessage());
            }
        }
        return messages;
    }

    /** The lines of the messages, without a message that only repeats a later one within Camel's dump of the route. */
    private static Stream<String> reasons(List<String> messages) {
        return IntStream.range(0, messages.size())
                .filter(at -> messages.subList(at + 1, messages.size()).stream()
                        .noneMatch(later -> messages.get(at).contains(later)))
                .mapToObj(messages::get)
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .distinct();
    }
}
