package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalWriterTest {

    @ParameterizedTest
    @CsvSource({"✓,32", "✗,31", "!,33", "–,90"})
    void aLineThatStartsWithASignHasTheColorOfTheSign(String sign, String color) {
        assertThat(coloured(out -> out.println(sign + " text")))
                .isEqualTo("\u001b[" + color + "m" + sign + " text\u001b[0m\n");
    }

    @Test
    void theTimeOfAnEventMayPrecedeTheSign() {
        assertThat(coloured(out -> out.println("2026-11-29T13:09:44Z ✗ hq pull")))
                .isEqualTo("\u001b[31m2026-11-29T13:09:44Z ✗ hq pull\u001b[0m\n");
    }

    @Test
    void otherLinesStayPlain() {
        assertThat(coloured(out -> {
                    out.println("  cause  ! inside");
                    out.println("!important");
                    out.println();
                }))
                .isEqualTo("  cause  ! inside\n!important\n\n");
    }

    @Test
    void everyLineOfAWrappedTextHasTheColour() {
        assertThat(coloured(out -> WrappedText.print("✗ ", "a ".repeat(60).strip(), out))
                        .lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("\u001b[31m") && line.endsWith("\u001b[0m"));
    }

    @Test
    void aWriterWithoutColoursChangesNothing() {
        StringWriter text = new StringWriter();
        TerminalWriter.plain(new PrintWriter(text), 80).println("✗ text");
        assertThat(text.toString()).isEqualTo("✗ text" + System.lineSeparator());
    }

    private static String coloured(Consumer<PrintWriter> print) {
        StringWriter text = new StringWriter();
        print.accept(TerminalWriter.colored(new PrintWriter(text)));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
