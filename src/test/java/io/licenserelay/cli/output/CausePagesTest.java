package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.Said;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that links in events lead to say what the catalogue says. */
class CausePagesTest {
    private static final Path COMMITTED = Path.of("docs/causes");

    @TempDir
    Path folder;

    @Test
    void theCommittedPagesAreThoseOfTheCatalogue() throws Exception {
        assertThat(pages(COMMITTED))
                .as("write them anew: license-relay explain --pages docs/causes")
                .isEqualTo(CausePages.of(Rules.packed()));
    }

    @Test
    void everyCauseHasAPageWithItsMeaningItsOwnerAndEveryStep() {
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
    void theCommandWritesThemAndLeavesOtherFilesAlone() throws Exception {
        Path own = Files.writeString(folder.resolve("own.txt"), "ours");
        Said said = Said.of("explain", "--pages", folder.toString());
        assertThat(said.exitCode()).as(said.err()).isZero();
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
