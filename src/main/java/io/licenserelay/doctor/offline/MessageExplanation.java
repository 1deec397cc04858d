package io.licenserelay.doctor.offline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Explains a line from a GUI or a log: its possible meanings, and the steps that would prove one of them. The line itself proves none.
 *
 * @param read the error of a token endpoint in the line; null if the line contains only other known texts
 * @param notes further remarks about the line
 */
public record MessageExplanation(
        @Nullable ParsedMessage read, List<Meaning> meanings, List<String> notes, List<String> next, Rules rules) {
    /** The next steps. They show which of the possible causes is the real one; the remedies differ by cause. */
    static final List<String> NEXT = List.of(
            "On SSM On-Prem open API Tool Kit and check the type of the client with the id in use: the SD-WAN Manager needs"
                    + " a Resource Owner Grant, and API Console Enabled must be on.",
            "Log in to SSM On-Prem by hand as this user, once. It must be the user who created the client.",
            "Put the same client id and secret into a site of relay.yaml and run license-relay doctor. It tries both"
                    + " grants, and the pair of answers proves the cause.",
            "Find the whole answer in the log of the client at that time (vmanage-server.log on the SD-WAN Manager),"
                    + " and find a line with that client's address in SSM's log. A 200 for another address is not the answer to it.");

    private static final List<String> NEXT_FOR_TEXT = List.of(
            "Run license-relay doctor: it contacts the servers, and its probes distinguish the possible causes.",
            "Find the host, the port and the time of the line in the log that it comes from.");

    /** One possible meaning of the line, with the codes of its possible causes. */
    record Meaning(String error, String meaning, Collection<String> codes) {
        private String text(String possible) {
            String causes = codes.isEmpty() ? "no cause of the catalogue" : possible + String.join(", ", codes);
            return error + ": " + meaning + " (" + causes + ")";
        }
    }

    public static MessageExplanation of(ParsedMessage read, Rules rules) {
        List<Meaning> meanings = read.fitting().stream()
                .map(error -> new Meaning(error, ParsedMessage.meaning(error), read.causes(error, rules)))
                .toList();
        return new MessageExplanation(read, meanings, List.of(), NEXT, rules);
    }

    public static MessageExplanation of(List<KnownMessage> texts, List<String> notes, Rules rules) {
        List<Meaning> meanings = texts.stream()
                .map(text -> new Meaning(text.name(), text.meaning(), text.codes()))
                .toList();
        return new MessageExplanation(null, meanings, notes, NEXT_FOR_TEXT, rules);
    }

    /** Whether the line contains any known text. */
    public boolean isKnown() {
        return !meanings.isEmpty() || !notes.isEmpty();
    }

    public void print(PrintWriter out) {
        if (read != null) {
            print(read, out);
        } else {
            meanings.forEach(each -> WrappedText.print("! ", each.text("possible causes: "), out));
            notes.forEach(note -> WrappedText.print("– ", note, out));
            WrappedText.print("– ", "The text alone proves no cause. These causes are possible.", out);
        }
        WrappedText.steps("  next  ", next, out);
        Set<String> codes = new TreeSet<>();
        meanings.forEach(each -> codes.addAll(each.codes()));
        if (!codes.isEmpty()) {
            WrappedText.print("  more  ", "license-relay explain " + String.join(" ", codes), out);
        }
    }

    private void print(ParsedMessage answer, PrintWriter out) {
        String head = answer.cut()
                ? "The message is cut after \"" + answer.word() + "\": "
                        + Plural.of(meanings.size(), "error begins", "errors begin") + " like this."
                : "The message contains the whole error: " + answer.word() + ".";
        String proves = meanings.size() > 1
                ? "It proves none of them and no cause. Any action now is a guess."
                : "The error is " + meanings.get(0).error()
                        + ". This alone proves no cause, because servers use the same error for several causes.";
        WrappedText.print("! ", head, out);
        meanings.forEach(each -> WrappedText.print("  fits  ", each.text("could be "), out));
        WrappedText.print("– ", proves, out);
        WrappedText.print(
                "✓ ",
                "It proves that a token endpoint answered, so name, connection and TLS worked at that time.",
                out);
    }

    public ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("word", read == null ? null : read.word()).put("cut", read != null && read.cut());
        ArrayNode fits = root.putArray("fits");
        for (Meaning each : meanings) {
            ObjectNode fit = fits.addObject().put("error", each.error()).put("meaning", each.meaning());
            ArrayNode causes = fit.putArray("causes");
            each.codes().forEach(code -> causes.addObject()
                    .put("code", code)
                    .put("title", rules.entry(code).map(Entry::title).orElse("")));
        }
        root.putArray("proves");
        notes.forEach(root.putArray("notes")::add);
        next.forEach(root.putArray("next")::add);
        return root;
    }
}
