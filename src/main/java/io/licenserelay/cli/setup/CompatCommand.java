package io.licenserelay.cli.setup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.licenserelay.app.Relay;
import io.licenserelay.app.RelayVersion;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.doctor.PasswordMemory;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.ApiCheck;
import io.licenserelay.ssm.ApiCheck.RequestOutcome;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.ssm.json.AnswerShape;
import io.licenserelay.ssm.token.TokenListener;
import io.licenserelay.sync.run.Sites;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compat}: records how a real SSM answers, to complete the knowledge about versions of SSM. */
@Command(
        name = "compat",
        description = {
            "Reads each list of a site's SSM once and prints the structure of the answer: path, status, names and types of fields.",
            "The command is read-only. The output contains no host, name, value or secret, so you can send it to the project as it is.",
            "With the client credentials grant it also tries the other known set of paths.",
            "It sends a password at most once. It does not send a refused password again without --try-password."
                    + " Like a run, it records the attempt and the answer in the data folder."
        },
        exitCodeList = {"0:SSM answered", "1:SSM answered no request", "2:bad configuration or options"})
public final class CompatCommand extends RelayCommand {
    @Parameters(arity = "0..1", paramLabel = "SITE", description = "The site (default: the only one).")
    private @Nullable String name;

    @Option(names = "--ssm-version", paramLabel = "TEXT", description = "The version as SSM's About page shows it.")
    private String version = "unknown";

    @Option(
            names = "--try-password",
            description = "Also send a password that was refused before, once. The server may lock the user.")
    private boolean tryPassword;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.configuration();
        Site site = site(configuration);
        Redactor redactor = Redactor.of(() -> Relay.revealed(configuration.secrets()));
        List<Row> rows = new ArrayList<>();
        for (Site variant : variants(site)) {
            rows.addAll(rows(variant, redactor));
        }
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        output.print(() -> new Answers(RelayVersion.text(), version, today, rows), out -> print(rows, out));
        return rows.stream().anyMatch(row -> row.status() != null) ? 0 : CommandErrors.FAILED;
    }

    private Site site(Configuration configuration) throws CommandErrors.Refusal {
        if (name == null && configuration.sites().size() != 1) {
            throw CommandErrors.usage("The site is missing. The configuration has "
                    + configuration.sites().stream().map(Site::name).toList());
        }
        return name == null ? configuration.sites().get(0) : new Sites(configuration.sites()).named(name);
    }

    /** The site as configured, and with the other known sets of SSM On-Prem paths. */
    private static List<Site> variants(Site site) {
        boolean cannotLockUser = site.ssm().grant() == Grant.CLIENT_CREDENTIALS;
        Stream<Api> others = Stream.of(Api.SSM_ONPREM, Api.SSM_ONPREM_BACKEND)
                .filter(api -> cannotLockUser
                        && site.ssm().api() != Api.CSSM
                        && site.ssm().api() != api);
        return Stream.concat(Stream.of(site), others.map(site::speaking)).toList();
    }

    private List<Row> rows(Site site, Redactor redactor) throws Exception {
        Clock clock = Clock.systemUTC();
        try (PasswordMemory passwords = PasswordMemory.of(folders.data, folders.stored(), List.of(site));
                SsmServer server = new SsmServer(
                        site, passwords.refusals(clock), new HttpRequests(clock), redactor, TokenListener.NONE, clock);
                ApiCheck check = new ApiCheck(site, server, clock)) {
            server.begin(tryPassword);
            return check.all().stream()
                    .map(outcome -> Row.of(outcome, site, redactor))
                    .toList();
        }
    }

    private record Answers(String relay, String ssm, String on, List<Row> answers) {}

    /**
     * One request and its answer.
     *
     * @param request method and path, with placeholders for names
     * @param error the error type, without any text of the server; null for a good answer
     * @param withheld if no password was sent now: the time of the earlier answer shown here; otherwise null
     */
    private record Row(
            String api,
            String resource,
            String request,
            @Nullable Integer status,
            @JsonProperty("contentType") @Nullable String type,
            @Nullable String server,
            @Nullable String error,

            @JsonProperty("withheldSince") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant withheld,

            @JsonUnwrapped AnswerShape shape) {

        private static final Set<String> WITHHELD =
                Set.of(Findings.CREDENTIAL_WITHHELD, Findings.CREDENTIAL_WITHHELD_IN_OUTAGE);

        /** Everything is redacted: a server may echo the request, also in a header or as a field name. */
        static Row of(RequestOutcome outcome, Site site, Redactor redactor) {
            Failure failure = outcome.failure();
            HttpExchangeRecord exchange = outcome.exchange();
            boolean token = failure != null && failure.step() == Step.TOKEN;
            String resource = token ? "token" : outcome.resource().wireName();
            String path = site.ssm().paths().get(token ? Resource.TOKEN : outcome.resource());
            String body = exchange == null || exchange.body() == null ? "" : exchange.body();
            return new Row(
                    site.ssm().api().wireName(),
                    resource,
                    (exchange == null ? "" : exchange.method() + " ") + path,
                    exchange == null ? null : exchange.status(),
                    header(exchange, "content-type", redactor),
                    header(exchange, "server", redactor),
                    failure == null ? null : failure.errorType(),
                    failure == null || exchange == null || !isWithheld(failure) ? null : exchange.at(),
                    redacted(AnswerShape.of(body), redactor));
        }

        private static @Nullable String header(@Nullable HttpExchangeRecord exchange, String name, Redactor redactor) {
            String value = exchange == null ? null : exchange.headers().get(name);
            return value == null ? null : redactor.redact(value);
        }

        private static AnswerShape redacted(AnswerShape shape, Redactor redactor) {
            return new AnswerShape(
                    shape.fields().stream()
                            .map(field -> redacted(field, redactor))
                            .toList(),
                    shape.whole());
        }

        /** Redacts the name without its type, because {@code access_token: text} would look like a secret. */
        private static String redacted(String field, Redactor redactor) {
            int type = field.lastIndexOf(": ");
            return redactor.redact(field.substring(0, type)) + field.substring(type);
        }

        private static boolean isWithheld(Failure failure) {
            return failure.findings().stream().anyMatch(each -> WITHHELD.contains(each.name()));
        }
    }

    private void print(List<Row> rows, PrintWriter out) {
        out.println("License Relay " + RelayVersion.text() + " read SSM (" + version + ") on "
                + LocalDate.now(ZoneOffset.UTC));
        for (Row row : rows) {
            String status = row.status() == null ? "no answer" : row.status().toString();
            String error = row.error() == null ? "" : "  " + row.error();
            String server = row.server() == null ? "" : "  server " + row.server();
            String type = row.type() == null ? "" : "  " + row.type();
            out.println();
            out.println(Table.plain(row.resource() + "  " + row.request() + "  (" + row.api() + ")"));
            out.println(Table.plain("  " + status + error + type + server));
            if (row.withheld() != null) {
                out.println(
                        "  answer of " + row.withheld() + "; no password was sent now, --try-password sends it once");
            }
            if (!row.shape().fields().isEmpty()) {
                WrappedText.print("  ", String.join(" · ", row.shape().fields()), out);
            }
        }
    }
}
