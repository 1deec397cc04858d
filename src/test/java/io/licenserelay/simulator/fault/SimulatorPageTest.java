package io.licenserelay.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.MarkdownPage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/simulator.md} lists every fault and filter, with parameters and defaults. */
class SimulatorPageTest {

    @Test
    void thePageListsEveryFaultWithItsLayerAndParameters() throws Exception {
        assertThat(page().rows("Faults").stream().map(row -> row.subList(0, 3)))
                .containsExactlyElementsOf(Arrays.stream(Fault.values())
                        .map(SimulatorPageTest::row)
                        .toList());
        assertThat(page().rows("Faults"))
                .allSatisfy(row -> assertThat(row.get(3)).endsWith("."));
    }

    private static List<String> row(Fault fault) {
        String parameters = fault.defaults().entrySet().stream()
                .map(each -> "`" + each.getKey() + "=" + each.getValue() + "`")
                .collect(Collectors.joining(", "));
        return List.of(
                "`" + fault.wireName() + "`",
                fault.layer().name().toLowerCase(Locale.ROOT),
                parameters.isEmpty() ? "none" : parameters);
    }

    @Test
    void thePageListsEveryFilter() throws Exception {
        assertThat(page().rows("Filters").stream().map(row -> MarkdownPage.code(row.get(0))))
                .containsExactlyElementsOf(Fault.FILTERS);
    }

    private static MarkdownPage page() throws Exception {
        return MarkdownPage.read(Path.of("docs/simulator.md"));
    }
}
