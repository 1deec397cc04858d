package io.licenserelay.redact.match;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes names that denote secrets, in any spelling: {@code ssmClientSecret}, {@code J-PASSWORD}. */
public final class KeyName {
    public static final int LONGEST = 96;
    private static final Map<String, Set<String>> NAMES = RuleTable.groups("key-names.txt");
    private static final Set<String> ENDINGS = RuleTable.group(NAMES, "endings");
    private static final Set<String> HARMLESS = RuleTable.group(NAMES, "harmless");
    private static final Set<String> COMMON = RuleTable.group(NAMES, "common");
    private static final Set<String> WORDS = RuleTable.group(NAMES, "words");
    private static final Pattern OTHER_COMMUNITY =
            Pattern.compile("(?:[\\d: ,]|no-\\w+|local-AS)+|.{0,64}(?:://|\\s).*");
    private static final Pattern DIRECTORY = Pattern.compile("(?:[/~][\\w./@+-]*|[A-Za-z]:\\\\.*)");

    private KeyName() {}

    public static boolean isSecret(String name) {
        if (name.length() > LONGEST
                || name.length() < 2
                || !Character.isLetterOrDigit(name.charAt(name.length() - 1))) {
            return false;
        }
        String plain = plain(name);
        return (ENDINGS.stream().anyMatch(plain::endsWith) || WORDS.contains(lastWord(name)))
                && HARMLESS.stream().noneMatch(plain::endsWith);
    }

    /** Whether the text is only such a name. A value that equals a name must not make every occurrence of the name look secret. */
    public static boolean isPlainName(String name) {
        String plain = name.length() > LONGEST ? "" : plain(name);
        return ENDINGS.contains(plain) || COMMON.contains(plain);
    }

    /** Whether it is {@code Community: 65000:100} of BGP, or a web page. */
    public static boolean isOtherCommunity(String name, String value) {
        return plain(name).endsWith("community")
                && OTHER_COMMUNITY.matcher(value).matches();
    }

    /** Whether it is the working directory, as in {@code PWD=/root} of sudo and of every environment. */
    public static boolean isDirectory(String name, String value) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return (last.equals("PWD") || last.equals("OLDPWD"))
                && DIRECTORY.matcher(value).matches();
    }

    /** Whether the name denotes a list of secrets. A single number after it is a count. */
    public static boolean isPlural(String name) {
        return name.endsWith("tokens") || name.endsWith("secrets") || name.endsWith("passwords");
    }

    /** Whether it is a header whose value extends to the end of the line and may begin with a scheme. */
    public static boolean isHeader(String name) {
        String plain = plain(name);
        return plain.endsWith("authorization") || plain.endsWith("cookie");
    }

    public static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (Character.isLetterOrDigit(name.charAt(i))) {
                plain.append(name.charAt(i));
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    /** The last word: {@code pass} in {@code db_pass}, {@code DB_PASS} and {@code dbPass}, but not in {@code bypass}. */
    private static String lastWord(String name) {
        int start = name.length();
        while (start > 0 && Character.isLetterOrDigit(name.charAt(start - 1))) {
            start--;
        }
        String word = name.substring(start);
        for (int i = word.length() - 1; i > 0; i--) {
            if (Character.isUpperCase(word.charAt(i)) && Character.isLowerCase(word.charAt(i - 1))) {
                word = word.substring(i);
                break;
            }
        }
        return word.toLowerCase(Locale.ROOT);
    }
}
