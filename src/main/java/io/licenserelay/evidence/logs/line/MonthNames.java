package io.licenserelay.evidence.logs.line;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Month names in English, French, German, Spanish, Italian, Portuguese and Dutch, complete or abbreviated, and in Japanese or Chinese. The
 * table is our own, because the JDK's names differ between locales and versions.
 */
public final class MonthNames {
    private static final List<String> NAMES = List.of(
            "january janvier januar enero gennaio janeiro januari",
            "february fevrier februar febrero febbraio fevereiro februari",
            "march mars marz maerz marzo marco maart mrt",
            "april avril abril aprile",
            "may mai mayo maggio maio mei",
            "june juin juni junio giugno junho",
            "july juillet juli julio luglio julho",
            "august aout agosto augustus",
            "september septembre septiembre settembre setembro",
            "october octobre oktober octubre ottobre outubro",
            "november novembre noviembre",
            "december decembre dezember diciembre dicembre dezembro");

    private static final Pattern ACCENT = Pattern.compile("\\p{M}");
    private static final int SHORTEST = 3;

    /** The usual syslog names. Nearly every line has one of them, and a table search would take most of the reading time. */
    private static final Map<String, Integer> SYSLOG_NAMES = Stream.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
            .collect(Collectors.toUnmodifiableMap(name -> name, MonthNames::search));

    private MonthNames() {}

    /** 1 to 12; 0 if the name is not a month or is ambiguous. */
    public static int number(String name) {
        Integer syslogNumber = SYSLOG_NAMES.get(name);
        return syslogNumber == null ? search(name) : syslogNumber;
    }

    private static int search(String name) {
        if (name.endsWith("月")) {
            String digits = name.substring(0, name.length() - 1);
            return digits.matches("\\d{1,2}") ? Integer.parseInt(digits) : 0;
        }
        String plain = ACCENT.matcher(Normalizer.normalize(name, Normalizer.Form.NFD))
                .replaceAll("")
                .replace(".", "")
                .toLowerCase(Locale.ROOT);
        int found = 0;
        for (int month = 1; month <= NAMES.size() && plain.length() >= SHORTEST; month++) {
            if ((" " + NAMES.get(month - 1)).contains(" " + plain)) {
                if (found > 0) {
                    return 0;
                }
                found = month;
            }
        }
        return found;
    }
}
