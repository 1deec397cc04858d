package io.licenserelay.cli.output;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine.Model.CommandSpec;

/** The terminal that standard output goes to, if any. */
public final class Terminal {
    /** The line width if the output is not a terminal, so that pipes and files always get the same text. */
    static final int DEFAULT_WIDTH = 100;

    private static final int NARROWEST = 40;
    private static final int WIDEST = 160;

    private Terminal() {}

    /** Whether standard input and output are a terminal. False for a pipe or a file. */
    public static boolean isAttached() {
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /** The width for wrapped text: that of the terminal, within 40 and 160 columns, else 100. */
    public static int width(CommandSpec command) {
        return isAttached() ? readable(command.usageMessage().width()) : DEFAULT_WIDTH;
    }

    static int readable(int columns) {
        return Math.max(NARROWEST, Math.min(columns, WIDEST));
    }

    /** From Java 22 on, a console exists also for a pipe, and only {@code isTerminal()} tells the difference. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJava) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("Console.isTerminal() cannot be called", e);
        }
    }
}
