package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.KeyName;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets as objects with a type and a value, as in the templates of the SD-WAN Manager
 * ({@code "password":{"vipType":"constant","vipValue":"x"}}, {@code {"optionType":"global","value":"x"}}) and in YANG models.
 */
public final class SecretObject {
    private static final Set<String> VALUES = Set.of("vipvalue", "value", "content", "text", "cleartext", "clear");
    private static final Pattern VALUE = Pattern.compile(
            "\\{[^{}\\n]{0,400}?[\"'](?:vipValue|value|content|text|clear-?text|clear)[\"']\\s{0,4}(?::|=>)\\s{0,4}(?=[\"'])");
    private static final Pattern ELEMENT = Pattern.compile(
            "(?:<(?:type|encryption)>[^<>\\n]{0,16}</(?:type|encryption)>\\s{0,32})?<(?:value|content|text|clear-?text|clear)(?=[\\s>])");

    private SecretObject() {}

    /** The start of the quoted value of the object at a position, or -1. */
    static int value(String text, int at) {
        Matcher matcher = VALUE.matcher(text).region(at, Math.min(text.length(), at + 512));
        matcher.useTransparentBounds(true);
        return matcher.lookingAt() ? matcher.end() : -1;
    }

    /** The position inside the tag of the value element that follows, or -1. */
    static int element(String text, int at) {
        Matcher matcher = ELEMENT.matcher(text).region(at, Math.min(text.length(), at + 128));
        matcher.useTransparentBounds(true);
        return matcher.lookingAt() ? matcher.end() : -1;
    }

    /** Whether this is the name of the value in a secret object. */
    public static boolean isValue(String name) {
        return VALUES.contains(KeyName.plain(name));
    }
}
