package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrappedTextTest {
    private static final String TEXT = "word ".repeat(100).strip();

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 100, 160})
    void textUsesTheWidthOfTheTerminal(int width) {
        List<String> lines = printed(TEXT, width);
        assertThat(lines).allMatch(line -> line.length() <= width);
        assertThat(IntStream.range(0, lines.size() - 1).mapToObj(lines::get).map(String::length))
                .as("no line has space for one more word")
                .allMatch(length -> length + " word".length() > width);
    }

    @Test
    void colorsDoNotChangeTheWidth() {
        StringWriter text = new StringWriter();
        PrintWriter out = TerminalWriter.colored(TerminalWriter.plain(new PrintWriter(text), 40));
        WrappedText.print("  head  ", TEXT, out);
        assertThat(text.toString().lines()).hasSizeGreaterThan(10).allMatch(line -> line.length() <= 40);
    }

    @Test
    void outputToAFileHasAFixedWidth() {
        StringWriter text = new StringWriter();
        WrappedText.print("  head  ", TEXT, new PrintWriter(text));
        assertThat(text.toString().lines()).hasSize(6).allMatch(line -> line.length() <= 100);
    }

    @Test
    void furtherLinesAreIndentedToTheStartOfTheText() {
        assertThat(printed(TEXT, 40))
                .startsWith("  head  word word word word word word")
                .element(1)
                .isEqualTo("        word word word word word word");
    }

    @Test
    void theLineWidthIsLimitedToAReadableRange() {
        assertThat(Terminal.readable(1)).isEqualTo(40);
        assertThat(Terminal.readable(132)).isEqualTo(132);
        assertThat(Terminal.readable(1000)).isEqualTo(160);
    }

    private static List<String> printed(String text, int width) {
        StringWriter written = new StringWriter();
        WrappedText.print("  head  ", text, TerminalWriter.plain(new PrintWriter(written), width));
        return written.toString().lines().toList();
    }
}
