package io.licenserelay.cli.common;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What commands have in common: the folders that they take, where they print, and how their help reads. */
@Command(mixinStandardHelpOptions = true, exitCodeListHeading = "Exit codes:%n")
public abstract class RelayCommand implements Callable<Integer> {
    @Mixin
    protected CommonOptions folders;

    @Spec
    protected CommandSpec spec;

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
