package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generated part of docs/routes.md. {@code mvn test -Dtest=RouteDiagramTest -Droutes.page=write} updates it. */
class RouteDiagramTest {
    private static final Path PAGE = Path.of("docs/routes.md");
    private static final Pattern GENERATED =
            Pattern.compile("(?<=<!-- generated: begin -->\n).*(?=<!-- generated: end -->)", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void thePageMatchesTheRouteFiles() throws IOException {
        RouteDiagram routes = RouteDiagram.of(Path.of("routes"));
        String current = routes.mermaid() + "\n" + routes.table();
        String page = Files.readString(PAGE);
        if ("write".equals(System.getProperty("routes.page"))) {
            Files.writeString(PAGE, GENERATED.matcher(page).replaceFirst(Matcher.quoteReplacement(current)));
            page = Files.readString(PAGE);
        }
        assertThat(page).contains("<!-- generated: begin -->\n" + current + "<!-- generated: end -->");
    }

    @Test
    void aCallIsAnArrowToTheRouteWithThatEndpoint() throws IOException {
        Files.writeString(folder.resolve("10-a.camel.yaml"), """
                - route:
                    id: first
                    description: Begins
                    from:
                      uri: timer:x
                      steps:
                        - filter:
                            steps:
                              - to:
                                  uri: direct:next-a
                - routeTemplate:
                    id: second
                    description: Goes on
                    route:
                      from:
                        uri: direct:next-a
                        steps:
                          - toD:
                              uri: kafka:${variable.topic}
                """);
        RouteDiagram routes = RouteDiagram.of(folder);
        assertThat(routes.mermaid()).isEqualTo("""
                ```mermaid
                flowchart LR
                  x_timer(["timer"]) --> r_first[first]
                  r_first[first] --> r_second[second]
                  r_second[second] --> x_kafka(["kafka"])
                ```
                """);
        assertThat(routes.table()).contains("| `10-a` | `first` | Begins |", "| `10-a` | `second` | Goes on |");
    }
}
