package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.CommandResult;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that events link to have the content of the catalogue. */
class CausePagesTest {
    private static final Path COMMITTED = Path.of("docs/causes");

    @TempDir
    Path folder;

    @Test
    void theCommittedPagesMatchTheCatalogue() throws Exception {
        assertThat(pages(COMMITTED))
                .as("to update the pages: license-relay explain --pages docs/causes")
                .isEqualTo(CausePages.of(Rules.packed()));
    }

    @Test
    void everyCauseHasAPageWithMeaningOwnerAndSteps() {
        Map<String, String> pages = CausePages.of(Rules.packed());
        for (Entry entry : Rules.packed().entries()) {
            assertThat(pages.get(entry.code() + ".md"))
                    .startsWith("# " + entry.code() + ": " + entry.title() + "\n")
                    .contains(entry.explain(), "`" + entry.owner() + "`")
                    .contains(entry.remedy());
            assertThat(pages.get(CausePages.INDEX)).contains("(" + entry.code() + ".md)");
        }
    }

    @Test
    void theCommandWritesThePagesAndKeepsOtherFiles() throws Exception {
        Path own = Files.writeString(folder.resolve("own.txt"), "ours");
        CommandResult result = CommandResult.of("explain", "--pages", folder.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(pages(folder)).isEqualTo(CausePages.of(Rules.packed()));
        assertThat(own).hasContent("ours");
    }

    private static Map<String, String> pages(Path in) throws Exception {
        Map<String, String> pages = new TreeMap<>();
        try (Stream<Path> files = Files.list(in)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".md")).toList()) {
                pages.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return pages;
    }
}
