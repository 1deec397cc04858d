package io.licenserelay.app.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.app.route.OwnRouteFile.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFilesTest {
    private static final String PACKED = "24-account.camel.yaml";
    private static final String SAFETY = "31-http-retries.camel.yaml";
    private static final String ROUTE = "- route:\n    id: mine\n    from:\n      uri: direct:mine\n";

    @TempDir
    Path folder;

    @Test
    void thePackagedFilesEqualTheRepositoryFilesInOrder() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            assertThat(PackedRoutes.names())
                    .isEqualTo(files.map(each -> String.valueOf(each.getFileName()))
                            .sorted()
                            .toList());
        }
        assertThat(RouteFiles.PACKED.pattern())
                .startsWith("classpath:routes/00-errors.camel.yaml,classpath:routes/09-");
    }

    @Test
    void aFileWithANewNameIsAddedInNameOrder() throws Exception {
        Path own = write("57-mine.camel.yaml", ROUTE);

        RouteFiles files = RouteFiles.overlaidBy(folder);

        assertThat(effects(files)).containsExactly(Effect.ADDED);
        List<String> loaded = List.of(files.pattern().split(","));
        assertThat(loaded).hasSize(PackedRoutes.names().size() + 1);
        assertThat(loaded.indexOf("file:" + own))
                .isEqualTo(loaded.indexOf("classpath:routes/60-publish.camel.yaml") - 1);
    }

    @Test
    void aFileWithTheNameOfAPackagedFileReplacesIt() throws Exception {
        Path own = write(PACKED, ROUTE);

        RouteFiles files = RouteFiles.overlaidBy(folder);

        assertThat(effects(files)).containsExactly(Effect.REPLACES);
        assertThat(files.pattern()).contains("file:" + own).doesNotContain("classpath:routes/" + PACKED);
        assertThat(files.own().get(0).madeFrom()).isNull();
    }

    @Test
    void anUnchangedCopyIsTreatedAsThePackagedFile() throws Exception {
        write(PACKED, OwnRouteFile.copyOf(PACKED));

        RouteFiles files = RouteFiles.overlaidBy(folder);

        assertThat(effects(files)).containsExactly(Effect.SAME);
        assertThat(files.pattern()).isEqualTo(RouteFiles.PACKED.pattern());
    }

    @Test
    void aChangedCopyRecordsTheHashOfItsPackagedFile() throws Exception {
        write(PACKED, OwnRouteFile.copyOf(PACKED) + "# changed\n");
        assertThat(RouteFiles.overlaidBy(folder).own().get(0).isOutdated()).isFalse();

        write(
                PACKED,
                OwnRouteFile.copyOf(PACKED).replaceFirst("sha256:[0-9a-f]{64}", "sha256:" + "0".repeat(64))
                        + "# changed\n");
        OwnRouteFile old = RouteFiles.overlaidBy(folder).own().get(0);
        assertThat(old.effect()).isEqualTo(Effect.REPLACES);
        assertThat(old.isOutdated()).isTrue();
    }

    @Test
    void anEmptyFileDisablesThePackagedFile() throws Exception {
        write("51-severity.camel.yaml", "# not here\n---\n");

        RouteFiles files = RouteFiles.overlaidBy(folder);

        assertThat(effects(files)).containsExactly(Effect.OFF);
        assertThat(files.pattern()).doesNotContain("51-severity");
        assertThat(files.pattern().split(",")).hasSize(PackedRoutes.names().size() - 1);
    }

    @Test
    void safetyRoutesCannotBeDisabled() throws Exception {
        write(SAFETY, " \n");

        assertThatThrownBy(() -> RouteFiles.overlaidBy(folder))
                .isInstanceOf(BadRoutes.class)
                .hasMessageContaining(folder.resolve(SAFETY).toString())
                .hasMessageContaining("keeps the relay safe");
        assertThat(PackedRoutes.names()).allSatisfy(name -> {
            if (RouteFiles.isSafety(name)) {
                assertThat(PackedRoutes.content(name)).isNotBlank();
            }
        });
        assertThat(PackedRoutes.names().stream().filter(RouteFiles::isSafety)).hasSize(5);
    }

    @Test
    void anEmptyFileThatDisablesNothingIsRejected() throws Exception {
        write("51-severty.camel.yaml", "");

        assertThatThrownBy(() -> RouteFiles.overlaidBy(folder))
                .isInstanceOf(BadRoutes.class)
                .hasMessageContaining("51-severty.camel.yaml")
                .hasMessageContaining("disables nothing");
    }

    @Test
    void aPathThatCamelReadsAsAPatternIsRejected() throws Exception {
        Path folderWithComma = Files.createDirectory(folder.resolve("a,b"));
        Files.writeString(folderWithComma.resolve("57-mine.camel.yaml"), ROUTE);

        assertThatThrownBy(() -> RouteFiles.overlaidBy(folderWithComma))
                .isInstanceOf(BadRoutes.class)
                .hasMessageContaining("rename it or its folder");
    }

    @Test
    void otherFilesInTheFolderAreIgnored() throws Exception {
        write("README.md", "notes");
        write("57-mine.yaml", "not: [yaml");

        RouteFiles files = RouteFiles.overlaidBy(folder);
        assertThat(files.own()).isEmpty();
        assertThat(files.ignored()).containsExactly(folder.resolve("57-mine.yaml"));
    }

    @Test
    void camelErrorsAreReportedWithFileAndLine() throws Exception {
        Path own = write(
                "57-mine.camel.yaml",
                ROUTE + "      steps:\n        - bean:\n            ref: noSuchBean\n            id: run-task\n");
        RouteFiles files = RouteFiles.overlaidBy(folder);

        assertThat(message(files, "No bean could be found in the registry for: noSuchBean"))
                .contains("in " + own + ", line 7");
        assertThat(message(files, "Failed to create route: mine at: >>> x <<<")).contains("in " + own + ", line 2");
        assertThat(message(files, "Duplicate id detected: run-task. Please correct ids"))
                .contains("in 20-run.camel.yaml, line ", "in " + own + ", line 8");
        write(
                "58-property.camel.yaml",
                ROUTE.replace("mine", "other") + "      steps:\n        - to:\n            uri: \"{{status.url}}\"\n");
        assertThat(message(RouteFiles.overlaidBy(folder), "Property with key [status.url] not found in properties"))
                .contains("in " + folder.resolve("58-property.camel.yaml") + ", line 7");
        assertThat(message(files, "something else")).doesNotContain(", line ");
    }

    @ParameterizedTest
    @CsvSource({
        "'- route: {}', 1, the route has no from",
        "'- route:', 1, the route has no from",
        "'# mine\n- route:\n    id: mine', 2, the route has no from",
        "'- route:\n    id: mine\n    from: {}', 3, from has no uri",
        "'- from: { steps: [] }', 1, from has no uri",
        "'route: {}', 1, the file is not a list"
    })
    void aRouteThatBeginsNowhereIsNamedWithFileLineAndFix(String text, int line, String problem) throws Exception {
        Path own = write("57-mine.camel.yaml", text.replace("\\n", "\n"));
        assertThatThrownBy(() -> RouteFiles.overlaidBy(folder))
                .isInstanceOf(BadRoutes.class)
                .hasMessageStartingWith("The route file " + own + ", line " + line + ": " + problem + ": ");
    }

    @Test
    void aMisspelledBeanOrStepIsAnsweredWithTheNearestName() throws Exception {
        Path own =
                write("57-mine.camel.yaml", ROUTE + "      steps: [ { bean: { ref: failurs, method: classify } } ]\n");
        RouteFiles files = RouteFiles.overlaidBy(folder);
        assertThat(message(files, "No bean could be found in the registry for: failurs"))
                .contains("did you mean \"failures\"?", "in " + own + ", line 5");
        assertThat(message(files, "Unknown node id: setBodi in file:x, line 6, column 11"))
                .contains("did you mean \"setBody\"?");
        assertThat(message(files, "Unknown node id: frobnicate")).doesNotContain("did you mean");
    }

    private static String message(RouteFiles files, String camelMessage) {
        return String.valueOf(new BadRoutes(files, new IllegalStateException(camelMessage)).getMessage());
    }

    private static List<Effect> effects(RouteFiles files) {
        return files.own().stream().map(OwnRouteFile::effect).toList();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
