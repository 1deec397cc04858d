package io.licenserelay.doctor.offline;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The OAuth error of a token endpoint (RFC 6749 §5.2) in a line from a GUI or a log.
 *
 * @param word the error's name, or the start of it, in lower case
 * @param cut whether the line ends within the name, so that the name may be longer
 * @param ofPassword whether the line is about a user, so that the request used the password grant
 */
public record ParsedMessage(String word, boolean cut, boolean ofPassword) {
    /** The form in JSON, possibly escaped twice, or in an HTML page. */
    private static final Pattern ERROR =
            Pattern.compile("error\\\\*(?:\"|&quot;)?\\s*[:=]\\s*\\\\*(?:\"|&quot;)?([A-Za-z_]*)(.*)", Pattern.DOTALL);

    /** Only the name, as some programs print it. */
    private static final Pattern BARE = Pattern.compile(
            "(?i)\\b(invalid_(?:client|grant|request|scope)" + "|unauthorized_client|unsupported_grant_type)\\b");

    private static final Pattern END_OF_TEXT = Pattern.compile("\\s*(?:…|\\.{3})?\\s*['`]?\\s*");
    private static final Pattern USER = Pattern.compile("(?i)authenticate user|smart account credentials|password");

    private static final Map<String, String> MEANINGS = new TreeMap<>(Map.of(
            "invalid_client",
                    "the client is unknown, its secret is wrong, or (in some versions) it is registered for the other grant",
            "invalid_grant", "user name or password is wrong, or another user created the client",
            "invalid_request", "the request lacks a field, or contains one twice",
            "invalid_scope", "the server does not know the requested scope",
            "unauthorized_client", "the client may not use this grant",
            "unsupported_grant_type", "the server does not offer this grant at all"));

    /** Finds the error in the text. Empty if the text contains none. */
    public static Optional<ParsedMessage> of(String text) {
        Optional<ParsedMessage> named = of(ERROR.matcher(text), text);
        return named.isPresent() ? named : bare(text);
    }

    private static Optional<ParsedMessage> bare(String text) {
        Matcher error = BARE.matcher(text);
        return error.find()
                ? Optional.of(new ParsedMessage(
                        error.group(1).toLowerCase(Locale.ROOT),
                        false,
                        USER.matcher(text).find()))
                : Optional.empty();
    }

    private static Optional<ParsedMessage> of(Matcher error, String text) {
        if (!error.find()) {
            return Optional.empty();
        }
        boolean cut = END_OF_TEXT.matcher(error.group(2)).matches();
        ParsedMessage read = new ParsedMessage(
                error.group(1).toLowerCase(Locale.ROOT), cut, USER.matcher(text).find());
        return read.fitting().isEmpty() ? Optional.empty() : Optional.of(read);
    }

    /** The errors that match, in order of name. */
    List<String> fitting() {
        return MEANINGS.keySet().stream()
                .filter(error -> cut ? error.startsWith(word) : error.equals(word))
                .toList();
    }

    static String meaning(String error) {
        return MEANINGS.getOrDefault(error, "");
    }

    /** The possible causes if this error is the only known fact. */
    Set<String> causes(String error, Rules rules) {
        Set<String> codes = new LinkedHashSet<>();
        Stream<Grant> grants = ofPassword ? Stream.of(Grant.PASSWORD) : Stream.of(Grant.values());
        grants.map(grant -> rules.diagnose(evidenceOf(grant, error))).forEach(diagnosis -> {
            codes.add(diagnosis.code());
            diagnosis.others().stream().map(Diagnosis.Other::code).forEach(codes::add);
        });
        codes.remove(Rules.NOT_DIAGNOSED);
        return codes;
    }

    private static Evidence evidenceOf(Grant grant, String error) {
        Finding finding = new Finding(Findings.refused(grant.wireName(), error), "the message says " + error);
        return Evidence.of(Failure.of(Place.relay(), Flow.MANAGER, Step.TOKEN, List.of(finding), null, Instant.EPOCH));
    }
}
