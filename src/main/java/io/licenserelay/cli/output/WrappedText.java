package io.licenserelay.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Text in lines of a width that a terminal bears, under a head in the left margin. */
public final class WrappedText {
    private static final int WIDTH = 100;

    private WrappedText() {}

    /**
     * Prints the text right of the head; its further lines begin below its first.
     *
     * @param head with the blanks that end it; they make the margin
     */
    public static void print(String head, String text, PrintWriter out) {
        String left = head;
        for (String line : lines(Table.plain(text), WIDTH - head.length())) {
            out.println(left + line);
            left = " ".repeat(head.length());
        }
    }

    /** Prints one text below the other, the head left of the first. */
    public static void column(String head, Collection<String> texts, PrintWriter out) {
        String left = head;
        for (String text : texts) {
            print(left, text, out);
            left = " ".repeat(head.length());
        }
    }

    /** The same, with numbers from 1. */
    public static void steps(String head, List<String> steps, PrintWriter out) {
        String left = head;
        for (int step = 1; step <= steps.size(); step++) {
            print(left + step + ". ", steps.get(step - 1), out);
            left = " ".repeat(head.length());
        }
    }

    /** Breaks at blanks; a word longer than the width has a line of its own. */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
