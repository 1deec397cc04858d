package io.licenserelay.config.yaml;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Parses a YAML 1.2 file into nodes with line numbers, or reports one problem. */
public final class YamlFile {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ALIASES = 50;

    private YamlFile() {}

    /** The root of the document, whose nodes name the file of the problems in their marks; or null after reporting the problem. */
    public static @Nullable Node parse(String text, ConfigurationProblems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setLabel(problems.file())
                .build();
        try {
            if (!isWithinLimits(text, settings, problems)) {
                return null;
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                problems.add(1, "the file is empty", "start from the file that came with the relay");
            }
            return root.orElse(null);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            int line = mark.map(at -> at.getLine() + 1).orElse(1);
            problems.add(line, "not valid YAML: " + withoutContent(e.getProblem()), fix(e.getProblem()));
        } catch (ReaderException e) {
            problems.add(
                    TextFile.lineAt(text, e.getPosition()),
                    "a control character: code point " + e.getCodePoint(),
                    "remove it, or write it as an escape in double quotes");
        } catch (YamlEngineException e) {
            problems.add(1, "not valid YAML", "compare with the file that came with the relay");
        }
        return null;
    }

    /** Composing is recursive, so the depth is checked beforehand, event by event. */
    private static boolean isWithinLimits(String text, LoadSettings settings, ConfigurationProblems problems) {
        int depth = 0;
        int aliases = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            depth += depthChange(event);
            aliases += event.getEventId() == Event.ID.Alias ? 1 : 0;
            if (depth > MAX_DEPTH || aliases > MAX_ALIASES) {
                int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
                String message =
                        depth > MAX_DEPTH ? "nested deeper than " + MAX_DEPTH : "more than " + MAX_ALIASES + " aliases";
                problems.add(line, message, "simplify the structure: no file of the relay needs more than 6 levels");
                return false;
            }
        }
        return true;
    }

    private static int depthChange(Event event) {
        return switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
        };
    }

    /** The text after these words comes from the file and may be an unquoted password. */
    private static String withoutContent(String problem) {
        return problem.replaceAll(
                "(?s)((?:undefined|duplicate|unknown) (?:alias|tag handle|anchor|directive name)).*", "$1");
    }

    private static String fix(String problem) {
        if (problem.contains("TAB")) {
            return "indent with blanks; YAML does not allow tabs there";
        }
        if (problem.contains("undefined")) {
            return "put a value that starts with *, & or ! in quotes";
        }
        if (problem.contains("another document")) {
            return "the file must have one document: remove the text after ---";
        }
        return "check this line and the line above: indentation, colons, quotes and brackets must match";
    }
}
