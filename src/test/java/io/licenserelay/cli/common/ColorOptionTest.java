package io.licenserelay.cli.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.common.ColorOption.When;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ColorOptionTest {
    private static final String GREEN = "\u001b[32m✓ fine\u001b[0m";

    @Command(name = "signs")
    private static final class Signs implements Runnable {
        @Mixin
        private ColorOption color;

        @Mixin
        private CommandOutput output;

        @Override
        public void run() {
            output.print(() -> Map.of("text", "✓ fine"), color.colored(out -> out.println("✓ fine")));
        }
    }

    @Test
    void autoColoursOnlyATerminalWithoutNoColor() {
        assertThat(ColorOption.isOn(When.AUTO, Map.of(), true)).isTrue();
        assertThat(ColorOption.isOn(When.AUTO, Map.of(), false)).isFalse();
        assertThat(ColorOption.isOn(When.AUTO, Map.of("NO_COLOR", "1"), true)).isFalse();
        assertThat(ColorOption.isOn(When.AUTO, Map.of("NO_COLOR", ""), true)).isTrue();
        assertThat(ColorOption.isOn(When.AUTO, Map.of("TERM", "dumb"), true)).isFalse();
    }

    @Test
    void anExplicitChoiceOverridesTerminalAndEnvironment() {
        assertThat(ColorOption.isOn(When.ALWAYS, Map.of("NO_COLOR", "1"), false))
                .isTrue();
        assertThat(ColorOption.isOn(When.NEVER, Map.of(), true)).isFalse();
    }

    @Test
    void outputToAPipeIsPlainUnlessColoursAreRequested() {
        assertThat(output()).isEqualTo("✓ fine\n");
        assertThat(output("--color=auto")).isEqualTo("✓ fine\n");
        assertThat(output("--color=never")).isEqualTo("✓ fine\n");
        assertThat(output("--color", "ALWAYS")).isEqualTo(GREEN + "\n");
    }

    @Test
    void jsonIsNeverColoured() {
        assertThat(output("--json", "--color=always")).isEqualTo("{\"text\":\"✓ fine\"}\n");
    }

    private static String output(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new Signs()).setOut(new PrintWriter(out));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        assertThat(line.execute(arguments)).isZero();
        return out.toString().replace(System.lineSeparator(), "\n");
    }
}
