package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import io.licenserelay.evidence.logs.line.ZoneAbbreviations;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Numeric dates whose order the line does not show: {@code 17/06/09 20:10:40} of Spark, {@code [10.30 16:49:06]} of Proxifier,
 * {@code 13/01/2023 11:17:01}, {@code 081109 203615}. They are read only if the lines of the file prove the order.
 *
 * @param shape the form of the dates: {@code dd/dd/dd}
 * @param order null if no order is proven; the lines then have no time
 */
record NumericDateFormat(@Nullable String shape, @Nullable Order order) implements LogFormat {

    /** The order of the numbers. Without a year, the other two keep their positions. */
    enum Order {
        YEAR_FIRST(0, 1, 2),
        DAY_FIRST(2, 1, 0),
        MONTH_FIRST(2, 0, 1);

        private final int year;
        private final int month;
        private final int day;

        Order(int year, int month, int day) {
            this.year = year;
            this.month = month;
            this.day = day;
        }
    }

    private static final String TIME = "(?<time>\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9}+)?+)" + NO_HALF_DAY
            + "(?: ?(?<zone>Z(?![A-Za-z])|[+-]\\d{2}(?::?\\d{2})?(?!\\d)|" + ZoneAbbreviations.WORD
            + "))?]?(?=[\\s:,;|]|$) ?";
    private static final Pattern SEPARATED =
            Pattern.compile("^\\[?(?<date>(?<a>\\d{1,2})(?<separator>[/.-])(?<b>\\d{1,2})"
                    + "(?:\\k<separator>(?<c>\\d{4}|\\d{2}))?)[ T]{1,2}" + TIME);
    private static final Pattern DIGITS_ONLY = Pattern.compile(
            "^(?<date>(?<a>\\d{2})(?<b>\\d{2})(?<c>\\d{2})) {1,2}(?:(?<digits>\\d{6})(?=\\s)|" + TIME + ")");

    /** The maximum number of days between adjacent lines for a change of date that proves the order. */
    private static final long MAX_STEP_DAYS = 7;

    private static final int PIVOT_YEAR = 70;

    static final LogFormat UNPROVEN = new NumericDateFormat(null, null);

    @Override
    public Optional<LineHeader> header(String line) {
        Optional<Matcher> match = matched(line);
        if (match.isEmpty()) {
            return Optional.empty();
        }
        Optional<RawStamp> stamp =
                match.filter(each -> shape(each).equals(shape)).flatMap(this::stamp);
        return Optional.of(stamp.map(raw -> ProgramFormats.within(
                        raw, null, line.substring(match.get().end())))
                .orElse(LineHeader.UNDATED));
    }

    private Optional<RawStamp> stamp(Matcher match) {
        LocalDate day = order == null ? null : day(match, order);
        if (day == null) {
            return Optional.empty();
        }
        boolean digitsOnly = match.pattern() == DIGITS_ONLY && match.group("digits") != null;
        String time = digitsOnly ? match.group("digits").replaceAll("(..)(..)(..)", "$1:$2:$3") : match.group("time");
        return RawStamp.of(
                match.group("c") == null ? null : String.valueOf(day.getYear()),
                String.valueOf(day.getMonthValue()),
                String.valueOf(day.getDayOfMonth()),
                time,
                match.group("zone"));
    }

    /**
     * The format of the first date shape in the lines, in the only order that all dates allow: another order would have invalid months or
     * days, decreasing days, or steps of weeks or years.
     *
     * @param lines lines of one file in order, without lines of other formats
     * @param newest no line is of a later day
     * @return empty if no line has such a date
     */
    static Optional<LogFormat> provenBy(List<String> lines, LocalDate newest) {
        List<Matcher> dates =
                lines.stream().flatMap(line -> matched(line).stream()).toList();
        if (dates.isEmpty()) {
            return Optional.empty();
        }
        String shape = shape(dates.get(0));
        List<Matcher> sameShape =
                dates.stream().filter(date -> shape(date).equals(shape)).toList();
        List<Order> possible = orders(sameShape.get(0))
                .filter(order -> isPossible(order, sameShape))
                .toList();
        List<Order> withSmallSteps = possible.stream()
                .filter(order -> hasSmallSteps(order, sameShape))
                .toList();
        List<Order> proven = possible.size() == 1 ? possible : withSmallSteps;
        boolean isProven = proven.size() == 1
                && (sameShape.get(0).group("c") == null
                        || days(proven.get(0), sameShape).stream().noneMatch(day -> day.isAfter(newest)));
        return Optional.of(isProven ? new NumericDateFormat(shape, proven.get(0)) : UNPROVEN);
    }

    private static Optional<Matcher> matched(String line) {
        if (line.isEmpty() || line.charAt(0) != '[' && !Character.isDigit(line.charAt(0))) {
            return Optional.empty();
        }
        return Stream.of(SEPARATED, DIGITS_ONLY)
                .map(pattern -> pattern.matcher(line))
                .filter(Matcher::lookingAt)
                .findFirst();
    }

    private static String shape(Matcher match) {
        return match.group("date").replaceAll("\\d\\d?(?=\\D|$)", "dd").replaceAll("\\d", "d");
    }

    private static Stream<Order> orders(Matcher date) {
        String last = date.group("c");
        boolean yearMayBeFirst =
                last != null && last.length() == 2 && date.group("a").length() == 2;
        return Arrays.stream(Order.values()).filter(order -> yearMayBeFirst || order != Order.YEAR_FIRST);
    }

    private static boolean isPossible(Order order, List<Matcher> dates) {
        List<LocalDate> days = days(order, dates);
        return days.size() == dates.size()
                && (dates.get(0).group("c") == null || steps(days).stream().allMatch(step -> step >= -1));
    }

    /** Whether the day changes, but never by more than a few days. */
    private static boolean hasSmallSteps(Order order, List<Matcher> dates) {
        List<Long> steps = steps(days(order, dates));
        return steps.stream().anyMatch(step -> step > 0)
                && steps.stream().allMatch(step -> step >= -1 && step <= MAX_STEP_DAYS);
    }

    private static List<LocalDate> days(Order order, List<Matcher> dates) {
        return dates.stream()
                .map(date -> day(date, order))
                .filter(Objects::nonNull)
                .map(LocalDate.class::cast)
                .toList();
    }

    private static List<Long> steps(List<LocalDate> days) {
        List<Long> steps = new ArrayList<>();
        for (int i = 1; i < days.size(); i++) {
            steps.add(days.get(i).toEpochDay() - days.get(i - 1).toEpochDay());
        }
        return steps;
    }

    private static @Nullable LocalDate day(Matcher match, Order order) {
        String[] numbers = {match.group("a"), match.group("b"), match.group("c")};
        try {
            // A leap year if there is no year, so that February 29 is valid.
            return LocalDate.of(
                    numbers[2] == null ? 2024 : year(numbers[order.year]),
                    Integer.parseInt(numbers[order.month]),
                    Integer.parseInt(numbers[order.day]));
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return digits.length() == 4 ? year : year + (year < PIVOT_YEAR ? 2000 : 1900);
    }
}
