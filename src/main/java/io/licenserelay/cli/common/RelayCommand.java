package io.licenserelay.cli.common;

import io.licenserelay.cli.output.Terminal;
import io.licenserelay.cli.output.TerminalWriter;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The base of most commands: folder options, output streams and the layout of the help. */
@Command(mixinStandardHelpOptions = true, exitCodeListHeading = "Exit codes:%n")
public abstract class RelayCommand implements Callable<Integer> {
    @Mixin
    protected CommonOptions folders;

    @Spec
    protected CommandSpec spec;

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard output for text that is wrapped to the width of the terminal. */
    protected final PrintWriter text() {
        return TerminalWriter.plain(out(), Terminal.width(spec));
    }

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
