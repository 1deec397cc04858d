package io.licenserelay.cli;

import java.util.concurrent.Callable;

/** A command that another jar adds, found by {@link java.util.ServiceLoader}: production goes without the demo's. */
public interface Subcommand extends Callable<Integer> {}
