package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the text that scripts of expect, pexpect and similar tools send at a password prompt: {@code expect "assword:"; send "x"}. */
public final class PromptAnswers implements RedactionRule {
    private static final int MAX_DISTANCE = 160;
    private static final Pattern PROMPT = Pattern.compile("(?i)assword|pass ?phrase|passcode|passwd");
    private static final List<String> WORDS = List.of("send", "write", "snd");
    private static final Pattern SEND = Pattern.compile("(?:send|sendline|send_line|sending|write|sendcontrol|snd)"
            + "(?: --| -s| -h){0,2}[ \\t(:]{1,4}+[bru]?([\"'{])");

    @Override
    public void find(String text, Consumer<Span> found) {
        if (WORDS.stream().noneMatch(text::contains)) {
            return;
        }
        Matcher prompt = PROMPT.matcher(text);
        Matcher send = SEND.matcher(text);
        int from = 0;
        while (prompt.find(from)) {
            int to = Math.min(text.length(), prompt.end() + MAX_DISTANCE);
            send.region(prompt.end(), to);
            from = prompt.end();
            if (send.find()) {
                from = Math.max(from, answer(text, send, found));
            }
        }
    }

    private static int answer(String text, Matcher send, Consumer<Span> found) {
        char open = send.group(1).charAt(0);
        int start = send.end();
        int end = ValueBounds.quotedEnd(text, start, open == '{' ? '}' : open, MAX_DISTANCE);
        int to = end;
        while (to - 2 >= start && text.charAt(to - 2) == '\\' && "rn".indexOf(text.charAt(to - 1)) >= 0) {
            to -= 2;
        }
        while (to > start && "\r\n".indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        if (to > start && !ValueBounds.isPlaceholder(text.substring(start, to)) && text.charAt(start) != '$') {
            found.accept(new Span(start, to, "prompt-answer", null));
        }
        return end;
    }
}
