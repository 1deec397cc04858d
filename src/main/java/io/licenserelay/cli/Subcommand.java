package io.licenserelay.cli;

import java.util.concurrent.Callable;

/** A command from another jar, found by {@link java.util.ServiceLoader}. The production package contains no demo commands. */
public interface Subcommand extends Callable<Integer> {}
