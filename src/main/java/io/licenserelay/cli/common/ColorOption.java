package io.licenserelay.cli.common;

import io.licenserelay.cli.output.Terminal;
import io.licenserelay.cli.output.TerminalWriter;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option {@code --color} of commands that print lines with signs: {@code ✓ ✗ ! –}. JSON is never coloured. */
public final class ColorOption {
    enum When {
        AUTO,
        ALWAYS,
        NEVER;

        /** The name as it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description =
                    "Colour the lines that begin with a sign: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})."
                            + " With auto, only on a terminal, and not if NO_COLOR is set.")
    private When when = When.AUTO;

    /** The writer for text: with colours if they are on, otherwise {@code out} itself. */
    public PrintWriter writer(PrintWriter out) {
        return isOn(when, System.getenv(), Terminal.isAttached()) ? TerminalWriter.colored(out) : out;
    }

    /** Prints the same text through {@link #writer}. */
    public Consumer<PrintWriter> colored(Consumer<PrintWriter> text) {
        return out -> text.accept(writer(out));
    }

    /** {@code NO_COLOR} counts if it is set and not empty (no-color.org). An explicit option overrides it. */
    static boolean isOn(When when, Map<String, String> environment, boolean terminal) {
        return switch (when) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
        };
    }
}
