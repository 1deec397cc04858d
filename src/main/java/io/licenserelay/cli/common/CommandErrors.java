package io.licenserelay.cli.common;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.SyslogPortUnavailable;
import io.licenserelay.cluster.JoinRefused;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.diagnosis.BadRules;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.web.server.AddressUnavailable;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints why a command failed: the problem and its place, without a stack trace. Only unexpected exceptions keep their trace. */
public final class CommandErrors implements IExecutionExceptionHandler {
    public static final int USAGE_ERROR = 2;
    public static final int FAILED = 1;

    @Override
    public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) throws Exception {
        PrintWriter err = line.getErr();
        if (thrown instanceof BadConfiguration
                || thrown instanceof BadRules
                || thrown instanceof BadRoutes
                || thrown instanceof Sites.UnknownSite) {
            err.println(thrown.getMessage());
            err.println("Nothing was started.");
            return USAGE_ERROR;
        }
        if (thrown instanceof Refusal refusal) {
            err.println(refusal.getMessage());
            return refusal.exitCode();
        }
        if (thrown instanceof DataFolder.Unusable
                || thrown instanceof StoreFailed
                || thrown instanceof JoinRefused
                || thrown instanceof SyslogPortUnavailable
                || thrown instanceof AddressUnavailable) {
            err.println(thrown.getMessage());
            return FAILED;
        }
        throw thrown;
    }

    /** For errors in the command, its options or its configuration. */
    public static Refusal usage(String message) {
        return new Refusal(USAGE_ERROR, message);
    }

    /** For valid commands that failed. */
    public static Refusal failure(String message) {
        return new Refusal(FAILED, message);
    }

    /** A command failed for a known reason. The message is complete and is printed as it is. */
    public static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int exitCode;

        public Refusal(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }
}
