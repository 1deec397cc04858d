package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the contents of a private key's PEM block, also if its END line is missing. */
public final class PrivateKeys implements RedactionRule {
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{0,40}+)-----");
    private static final Pattern LINE = Pattern.compile(
            "[ \\t]*+(?:[A-Za-z0-9+/=\\\\*]{1,512}+|(?:Proc-Type|DEK-Info): [^\\n]{1,80}+|)[ \\t\\r]*+(?:\\n|$)");

    /** The contents of a PEM block, from after its first line to its last line or to the truncation. */
    record Block(boolean secret, int start, int end) {}

    @Override
    public void find(String text, Consumer<Span> found) {
        for (Block block : blocks(text)) {
            if (block.secret()) {
                found.accept(new Span(block.start(), block.end(), "private-key", null));
            }
        }
    }

    static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        while (begin.find()) {
            int dashes = text.indexOf("-----", begin.end());
            boolean closed = dashes >= 0 && text.startsWith("-----END", dashes);
            int end = closed ? dashes : cutEnd(text, begin.end(), dashes < 0 ? text.length() : dashes);
            if (!text.substring(begin.end(), end).isBlank()) {
                blocks.add(new Block(begin.group(1).contains("PRIVATE KEY"), begin.end(), end));
            }
        }
        return blocks;
    }

    private static int cutEnd(String text, int from, int to) {
        Matcher line = LINE.matcher(text).region(from, to);
        int end = from;
        while (end < to && line.region(end, to).lookingAt()) {
            end = line.end();
        }
        if (end == from) {
            end = ValueBounds.bareEnd(text, from, false);
        }
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }
}
