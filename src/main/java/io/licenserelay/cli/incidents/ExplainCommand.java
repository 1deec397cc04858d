package io.licenserelay.cli.incidents;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.CatalogueText;
import io.licenserelay.cli.output.CausePages;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rule;
import io.licenserelay.diagnosis.RuleOrigin;
import io.licenserelay.diagnosis.Rules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}: the meaning of a code and the steps that fix the cause. */
@Command(
        name = "explain",
        description = {
            "Explains causes: who acts, which findings prove the cause, which steps fix it.",
            "Without a code it lists all causes. Needs no site and no server."
        },
        exitCodeList = {"0:explained", "2:unknown code, or bad rules, settings or options"})
public final class ExplainCommand extends RelayCommand {
    private static final List<String> HEADS = List.of("CODE", "SEVERITY", "WHO ACTS", "CAUSE");
    private static final List<String> HEADS_WITH_ORIGIN = List.of("CODE", "SEVERITY", "WHO ACTS", "CAUSE", "FROM");
    private static final int SUGGESTED = 3;

    @Parameters(arity = "0..*", paramLabel = "CODE", description = "The code of a cause: LIC3002 or lic3002.")
    private List<String> codes = new ArrayList<>();

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--pages",
            paramLabel = "DIR",
            description = "Write one Markdown page per cause of the catalogue into this folder, and an index.")
    private @Nullable Path pages;

    @Override
    public Integer call() throws Exception {
        Rules rules = Rules.in(folders.config);
        if (pages != null) {
            CausePages.write(rules, pages);
            return 0;
        }
        DiagnosisJson documents = new DiagnosisJson(folders.settings().docsBase());
        List<Rule> requestedRules = requestedRules(rules);
        output.print(() -> CatalogueText.json(requestedRules, rules, documents), out -> {
            if (codes.isEmpty()) {
                List<String> heads = rules.origins().isEmpty() ? HEADS : HEADS_WITH_ORIGIN;
                List<List<String>> rows = requestedRules.stream()
                        .map(rule -> row(rule.entry(), rules).subList(0, heads.size()))
                        .toList();
                Table.print(heads, rows, heads.size(), out);
            } else {
                requestedRules.forEach(rule -> CatalogueText.print(rule, rules, documents, out));
            }
        });
        return 0;
    }

    private List<Rule> requestedRules(Rules rules) throws CommandErrors.Refusal {
        List<String> known = rules.entries().stream().map(Entry::code).toList();
        List<String> requested = codes.isEmpty()
                ? known
                : codes.stream()
                        .map(code -> code.toUpperCase(Locale.ROOT))
                        .distinct()
                        .toList();
        List<String> unknown = requested.stream()
                .filter(code -> !known.contains(code))
                .map(code -> unknown(code, rules, known))
                .toList();
        if (!unknown.isEmpty()) {
            throw CommandErrors.usage(String.join(System.lineSeparator(), unknown));
        }
        return requested.stream().flatMap(code -> rules.rule(code).stream()).toList();
    }

    private static String unknown(String code, Rules rules, List<String> known) {
        StringBuilder text = new StringBuilder("Unknown code " + Table.plain(code));
        List<String> nearest = Spelling.nearest(code, known, SUGGESTED);
        if (nearest.isEmpty()) {
            return text.append(". \"license-relay explain\" lists all codes.").toString();
        }
        text.append(". Similar codes:");
        nearest.forEach(similar -> rules.entry(similar).ifPresent(entry -> text.append(System.lineSeparator())
                .append("  " + similar + "  " + Table.plain(entry.title()))));
        return text.toString();
    }

    private static List<String> row(Entry entry, Rules rules) {
        RuleOrigin origin = rules.origins().get(entry.code());
        return List.of(
                entry.code(),
                entry.severity().wireName(),
                entry.owner(),
                entry.title(),
                origin == null ? "" : origin.file() + " (" + origin.effect() + ")");
    }
}
