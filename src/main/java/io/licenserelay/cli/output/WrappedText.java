package io.licenserelay.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Prints text wrapped to the line width of the writer, to the right of a head in the left margin. */
public final class WrappedText {
    /** The width that the text keeps beside a long head on a narrow terminal. */
    private static final int NARROWEST = 20;

    private WrappedText() {}

    /**
     * Prints the text to the right of the head. Further lines are indented to the start of the first.
     *
     * @param head including its trailing spaces, which are the margin
     */
    public static void print(String head, String text, PrintWriter out) {
        int width = Math.max(NARROWEST, TerminalWriter.widthOf(out) - head.length());
        String indented = System.lineSeparator() + " ".repeat(head.length());
        out.println(head + String.join(indented, lines(Table.plain(text), width)));
    }

    /** Prints several texts below each other, with the head to the left of the first. */
    public static void column(String head, Collection<String> texts, PrintWriter out) {
        String left = head;
        for (String text : texts) {
            print(left, text, out);
            left = " ".repeat(head.length());
        }
    }

    /** Prints several texts below each other, numbered from 1, with the head to the left of the first. */
    public static void steps(String head, List<String> steps, PrintWriter out) {
        String left = head;
        for (int step = 1; step <= steps.size(); step++) {
            print(left + step + ". ", steps.get(step - 1), out);
            left = " ".repeat(head.length());
        }
    }

    /** Breaks at spaces. A word longer than the width gets its own line. */
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
