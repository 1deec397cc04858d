package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.licenserelay.config.tls.Issued;
import io.licenserelay.config.yaml.Folder;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.fixture.MarkdownPage;
import io.licenserelay.fixture.MarkdownPage.Block;
import io.licenserelay.fixture.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/**
 * The examples in README, CONTRIBUTING and docs work: links have a target, sites are read, commands exist and print what the page shows. A
 * block that cannot be checked must not have the language sh, yaml or console.
 */
class DocumentationTest {
    private static final Path DOCS = Path.of("docs");
    private static final Path EXTEND = DOCS.resolve("extend");
    private static final Path CONTRIBUTING = Path.of("CONTRIBUTING.md");

    /** Programs that a script on a page may call besides license-relay. Such a line is not checked. */
    private static final Set<String> FOREIGN = Set.of("mvn", "kcat", "echo");

    private static final Pattern SECRET = Pattern.compile("env:(\\w+)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A class, perhaps with its package before it and its member behind it; not an option such as {@code -Dtest} or a pattern such as {@code *Test}. */
    private static final Pattern CLASS =
            Pattern.compile("(?<![\\w*-])(?:[a-z]+\\.)*([A-Z]+[a-z]\\w*)(?:[.#]([A-Za-z_]\\w*))?");

    private static final Pattern TRUST = Pattern.compile("trust: *\"?([\\w./-]+)");

    @TempDir
    Path folder;

    static List<MarkdownPage> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            List<Path> pages =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            pages.add(Path.of("README.md"));
            pages.add(CONTRIBUTING);
            List<MarkdownPage> read = new ArrayList<>();
            for (Path page : pages) {
                read.add(MarkdownPage.read(page));
            }
            return read;
        }
    }

    private static List<Block> blocks(String language) throws IOException {
        List<Block> found = pages().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals(language))
                .toList();
        assertThat(found).as("blocks of " + language).isNotEmpty();
        return found;
    }

    static List<Block> yaml() throws IOException {
        return blocks("yaml");
    }

    static List<ShellCommand> commands() throws IOException {
        List<ShellCommand> commands = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            Iterator<Block> blocks = page.blocks().iterator();
            Block before = null;
            while (blocks.hasNext()) {
                Block block = blocks.next();
                if (block.language().equals("sh")) {
                    commands.addAll(ShellCommand.ofScript(block));
                } else if (block.language().equals("console")) {
                    commands.addAll(ShellCommand.ofTerminal(block));
                } else if (block.language().equals("text") && follows(before, block)) {
                    int last = commands.size() - 1;
                    commands.set(
                            last,
                            commands.get(last).withOutput(block.text().lines().toList()));
                }
                before = block;
            }
        }
        return commands;
    }

    /** Returns whether the text block follows the script with only one empty line between them. */
    private static boolean follows(@Nullable Block script, Block text) {
        return script != null
                && script.language().equals("sh")
                && script.line() + script.text().lines().count() + 3 == text.line();
    }

    @Test
    void everyRelativeLinkHasAnExistingTarget() throws IOException {
        Map<Path, MarkdownPage> known =
                pages().stream().collect(Collectors.toMap(page -> page.path().normalize(), page -> page));
        List<String> broken = new ArrayList<>();
        int checked = 0;
        for (MarkdownPage page : pages()) {
            for (String link : page.links()) {
                if (link.matches("[a-z]+:.*")) {
                    continue;
                }
                checked++;
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page.path()
                        : page.path().resolveSibling(parts[0]).normalize();
                MarkdownPage targetPage = known.get(target);
                boolean anchorExists = parts.length == 1
                        || (targetPage != null && targetPage.anchors().contains(parts[1]));
                if (!Files.exists(target) || !anchorExists) {
                    broken.add(page.path() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(checked).isGreaterThan(150);
    }

    @Test
    void everyClassAndMemberInContributingExists() throws IOException {
        Map<String, List<Path>> classes;
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            classes = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            file -> file.getFileName().toString().replace(".java", "")));
        }
        List<String> missing = new ArrayList<>();
        int checked = 0;
        for (String code : groups(CODE, Files.readString(CONTRIBUTING))) {
            for (MatchResult named : CLASS.matcher(code).results().toList()) {
                checked++;
                if (!exists(named.group(2), classes.getOrDefault(named.group(1), List.of()))) {
                    missing.add(named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(checked).isGreaterThan(30);
    }

    /** Returns whether one of the files has the member; without a member, whether there is a file. */
    private static boolean exists(@Nullable String member, List<Path> files) throws IOException {
        for (Path file : files) {
            if (member == null
                    || Pattern.compile("\\b" + member + "\\b")
                            .matcher(Files.readString(file))
                            .find()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theIndexLinksEveryPage() throws IOException {
        List<String> links = MarkdownPage.read(DOCS.resolve("README.md")).links();
        try (Stream<Path> files = Stream.concat(Files.list(DOCS), Files.list(EXTEND))) {
            assertThat(files.map(file -> DOCS.relativize(file).toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(links).contains(name));
        }
    }

    @Test
    void everyPageStartsWithWhatItsReaderCanDoAfterIt() throws IOException {
        assertThat(pages().stream()
                        .filter(page -> !page.path().startsWith(DOCS.resolve("causes")))
                        .filter(page -> page.path().startsWith(DOCS)))
                .isNotEmpty()
                .allSatisfy(page ->
                        assertThat(page.opening()).as(page.path().toString()).startsWith("After "));
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void yamlExamplesAreAcceptedByTheProductionReader(Block block) throws Exception {
        String text = block.text().stripTrailing().stripIndent();
        if (text.startsWith("# diagnoses.d/")) {
            Path file = folder.resolve(text.lines().findFirst().orElseThrow().substring(2));
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            assertThat(Rules.in(folder).origins()).isNotEmpty();
        } else if (text.startsWith("- code:")) {
            assertThat(catalogue(text)
                            .entry(text.substring(8, text.indexOf('\n')).strip()))
                    .isPresent();
        } else if (text.startsWith("- route:")) {
            // OwnProbeIT, OwnLogTailIT and HookRecipesIT run the route. This test detects invalid YAML earlier.
            assertThat(new Load(LoadSettings.builder().build()).loadFromString(text))
                    .isInstanceOf(List.class);
        } else {
            assertThat(site(text).read().sites()).isNotEmpty();
        }
    }

    /** The shipped catalogue with an entry that is added, or that replaces the entry with the same code. */
    private Rules catalogue(String entry) throws IOException {
        String code = entry.lines().findFirst().orElseThrow();
        String others = Arrays.stream(
                        Files.readString(Path.of("config/diagnoses.yaml")).split("(?m)^(?=- code:)"))
                .filter(each -> !each.startsWith(code + "\n"))
                .collect(Collectors.joining());
        return Rules.read(Files.writeString(folder.resolve("diagnoses.yaml"), others + "\n" + entry));
    }

    /** A whole file as it is, the block relay beside a site, else a part of a site; the secrets and certificates that it names are there. */
    private Folder site(String text) throws Exception {
        String beside = text.startsWith("relay:") ? Folder.MINIMAL + text + "\n" : Folder.MINIMAL + text.indent(4);
        String yaml =
                (text.lines().anyMatch("sites:"::equals) ? text : beside).replaceAll("file:[^\"', }]+", "env:SECRET");
        Folder site = new Folder(folder).yaml(yaml);
        for (String variable : groups(SECRET, yaml)) {
            site.variable(variable, "x");
        }
        for (String trust : groups(TRUST, yaml)) {
            Path pem = folder.resolve(trust);
            Files.createDirectories(pem.getParent());
            Issued.write(pem, Issued.authority("CA"));
        }
        return site;
    }

    private static Set<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void scriptsCallOnlyKnownPrograms() throws IOException {
        assertThat(blocks("sh").stream().flatMap(block -> ShellCommand.ofScript(block).stream()))
                .as("a block that cannot be checked must be console or text, not sh")
                .allMatch(command -> command.isOurs() || FOREIGN.contains(command.program()));
        assertThat(blocks("console")).allSatisfy(block -> assertThat(ShellCommand.ofTerminal(block))
                .as(block.toString())
                .isNotEmpty());
    }

    static Stream<ShellCommand> ours() throws IOException {
        return commands().stream().filter(ShellCommand::isOurs);
    }

    @ParameterizedTest
    @MethodSource("ours")
    void everyCommandAndOptionExists(ShellCommand command) {
        assertThatCode(() -> LicenseRelay.commandLine().parseArgs(command.arguments()))
                .as(command.toString())
                .doesNotThrowAnyException();
    }

    static Stream<CommandLine> leaves() {
        return leavesOf(LicenseRelay.commandLine())
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .filter(command -> !command.getCommandName().equals("help"));
    }

    private static Stream<CommandLine> leavesOf(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command)
                : command.getSubcommands().values().stream().flatMap(DocumentationTest::leavesOf);
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void theCommandsPageHasEveryOptionAndExitCode(CommandLine command) throws IOException {
        String name = command.getCommandSpec().qualifiedName().replaceFirst("^license-relay ", "");
        String shared = section("commands.md", "Common options");
        String own =
                section("commands.md", name) + (name.equals("simulate") ? section("simulator.md", "Start it") : "");
        assertThat(own).as("a section for " + name).isNotEmpty();
        List<String> missing = command.getCommandSpec().options().stream()
                .map(CommandLine.Model.OptionSpec::longestName)
                .filter(option -> Stream.of(shared, own).noneMatch(text -> Pattern.compile("`[^`]*" + option + "\\b")
                        .matcher(text)
                        .find()))
                .toList();
        assertThat(missing).as("options of " + name).isEmpty();
        assertThat(command.getCommandSpec().usageMessage().exitCodeList().keySet())
                .allSatisfy(code -> assertThat(own).containsPattern("\\b" + code + "\\b"));
    }

    /** The text below the headings of the second level that equal the name or its first word, or list the name. */
    private static String section(String page, String name) throws IOException {
        String first = name.split(" ")[0];
        return Arrays.stream(Files.readString(DOCS.resolve(page)).split("(?m)^## "))
                .skip(1)
                .filter(section -> {
                    String heading = section.lines().findFirst().orElseThrow();
                    return heading.equals(name)
                            || heading.equals(first)
                            || List.of(heading.split(" and ")).contains(name);
                })
                .collect(Collectors.joining());
    }

    static Stream<ShellCommand> selfContainedCommands() throws IOException {
        return ours().filter(command -> isSelfContained(List.of(command.arguments())));
    }

    /** Returns whether a command needs no server, no site and no file. */
    private static boolean isSelfContained(List<String> words) {
        return words.contains("--help")
                || (words.get(0).equals("explain") && !words.contains("--pages"))
                || (words.get(0).equals("doctor") && words.contains("--message") && words.size() == 3)
                || (words.size() > 1 && words.subList(0, 2).equals(List.of("events", "schema")));
    }

    @ParameterizedTest
    @MethodSource("selfContainedCommands")
    void selfContainedCommandsPrintWhatThePageShows(ShellCommand command) {
        CommandResult result = CommandResult.of(command.arguments());
        assertThat(result.exitCode()).as(result.err()).isZero();
        List<String> remaining = new ArrayList<>(result.out().lines().toList());
        for (String line : command.output()) {
            String shown = line.replaceFirst("\\s*…$", "");
            if (shown.isBlank()) {
                continue;
            }
            int at = 0;
            while (at < remaining.size()
                    && !(line.endsWith("…")
                            ? remaining.get(at).startsWith(shown)
                            : remaining.get(at).stripTrailing().equals(shown))) {
                at++;
            }
            assertThat(at).as("%s prints no \"%s\"", command, line).isLessThan(remaining.size());
            remaining.subList(0, at + 1).clear();
        }
    }

    @Test
    void enoughCommandsAreRunAndCompared() throws IOException {
        assertThat(selfContainedCommands().filter(command -> !command.output().isEmpty()))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(selfContainedCommands()).hasSizeGreaterThan(8);
    }
}
