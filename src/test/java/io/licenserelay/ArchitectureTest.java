package io.licenserelay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.licenserelay.event.Outbox;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.store.BadNeighbour;
import io.licenserelay.store.Database;
import io.opentelemetry.api.trace.Span;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom, and habits that the whole code keeps. Every rule here is shown to fail on code that breaks it. */
class ArchitectureTest {
    private static final String BASE = "io.licenserelay";
    private static final int MOST_FILES = 15;
    private static final JavaClasses MAIN = imported(location -> !isTest(location));
    private static final JavaClasses TESTS = imported(location -> isTest(location) && !isBad(location));

    static Stream<Arguments> rules() {
        return Stream.of(
                arguments("arrows point down", arrowsPointDown()),
                arguments("packages have no cycles", noCycles()),
                arguments("the demo stays out of the product", demoIsUsedByNobody()),
                arguments("the store, threads and text know nobody", knowsNobody("store", "threads", "text")),
                arguments("redaction knows no domain", knowsNobody("redact", "store", "text")),
                arguments("the cluster knows no domain", knowsNobody("cluster", "store", "threads")),
                arguments("names say what a class does", tellingNames()),
                arguments("one logger", oneLogger()),
                arguments("one JSON mapper", oneJsonMapper()),
                arguments("every HTTP connection is bounded", everyConnectionIsBounded()),
                arguments("standard streams belong to the commands", noStandardStreams()),
                arguments("locales are named", localesAreNamed()),
                arguments("charsets are named", charsetsAreNamed()),
                arguments("only traces know OpenTelemetry", onlyTracesKnowOpenTelemetry()),
                arguments("time is given by a clock", timeIsGivenByAClock()),
                arguments("points in time are instants", noDates()),
                arguments("exchange properties belong to Camel", exchangePropertiesBelongToCamel()),
                arguments("beans get what they need as arguments", beansGetArguments()),
                arguments("children get no environment", childrenGetNoEnvironment()),
                arguments("nobody sleeps", nobodySleeps(in("cli", "demo", "simulator"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theCodeKeeps(String name, ArchRule rule) {
        rule.check(MAIN);
    }

    @Test
    void everyRuleNoticesCodeThatBreaksIt() {
        // With what they depend on: a cycle needs its way back.
        JavaClasses bad = new ClassFileImporter()
                .importClasses(BadNeighbour.class, BadHelper.class, Outbox.class, Database.class, Estate.class);
        assertThat(rules().map(Arguments::get)).allSatisfy(nameAndRule -> assertThat(((ArchRule) nameAndRule[1])
                        .evaluate(bad)
                        .getFailureReport()
                        .getDetails())
                .as("%s", nameAndRule[0])
                .anyMatch(line -> line.contains(BadNeighbour.class.getSimpleName())
                        || line.contains(BadHelper.class.getSimpleName())));
    }

    @Test
    void aPackageHasAtMostFifteenFiles() {
        assertThat(tooFull(topLevel(MAIN))).isEmpty();
        assertThat(tooFull(Stream.concat(
                                Stream.of("a.A"),
                                IntStream.rangeClosed(0, MOST_FILES).mapToObj(each -> "b.B" + each))
                        .toList()))
                .containsExactly("b");
    }

    @Test
    void noClassHasTheSimpleNameOfAnother() {
        assertThat(repeated(topLevel(MAIN))).isEmpty();
        assertThat(repeated(List.of("a.Same", "b.Same", "b.Other"))).containsExactly("Same");
    }

    /** So that whoever opens a package finds how it is tested. */
    @Test
    void aTestNamedAfterAClassLiesInItsPackage() {
        assertThat(astray(topLevel(MAIN), topLevel(TESTS))).isEmpty();
        assertThat(astray(List.of("a.Ledger"), List.of("a.LedgerTest", "b.LedgerIT", "b.OtherTest")))
                .containsExactly("b.LedgerIT");
    }

    private static List<String> topLevel(JavaClasses classes) {
        return classes.stream()
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                .map(JavaClass::getName)
                .toList();
    }

    private static List<String> tooFull(List<String> classes) {
        Map<String, Long> files =
                classes.stream().collect(Collectors.groupingBy(ArchitectureTest::packageOf, Collectors.counting()));
        return files.keySet().stream()
                .filter(name -> files.get(name) > MOST_FILES)
                .sorted()
                .toList();
    }

    private static List<String> repeated(List<String> classes) {
        Map<String, Long> names =
                classes.stream().collect(Collectors.groupingBy(ArchitectureTest::simpleNameOf, Collectors.counting()));
        return names.keySet().stream()
                .filter(name -> names.get(name) > 1)
                .sorted()
                .toList();
    }

    private static List<String> astray(List<String> classes, List<String> tests) {
        Map<String, String> packages = classes.stream()
                .collect(Collectors.toMap(
                        ArchitectureTest::simpleNameOf, ArchitectureTest::packageOf, (one, same) -> one));
        return tests.stream()
                .filter(test -> {
                    String tested = simpleNameOf(test).replaceFirst("(Test|IT)$", "");
                    return !tested.equals(simpleNameOf(test))
                            && !packages.getOrDefault(tested, packageOf(test)).equals(packageOf(test));
                })
                .sorted()
                .toList();
    }

    private static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String simpleNameOf(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    @Test
    void testsDoNotSleep() {
        nobodySleeps("nowhere").check(TESTS);
    }

    @Test
    void nullIsMarkedInEveryPackage() {
        assertThat(MAIN.stream().map(JavaClass::getPackageName).distinct())
                .isNotEmpty()
                .allSatisfy(
                        name -> assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                                .as(name)
                                .isTrue());
    }

    /** As the design lists them; a package may know those beside it, as long as there is no cycle. */
    private static ArchRule arrowsPointDown() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .optionalLayer("outside")
                .definedBy(in("actions", "app", "cli", "demo", "doctor", "observe", "simulator", "view", "web"))
                .optionalLayer("runs")
                .definedBy(in("sync", "incident"))
                .optionalLayer("domains")
                .definedBy(in("http", "ssm", "manager", "inventory", "reports", "diagnosis"))
                .optionalLayer("telling")
                .definedBy(in("evidence", "event"))
                .optionalLayer("ground")
                .definedBy(in("cluster", "redact", "config", "log", "store", "text", "threads", "trace"))
                .whereLayer("outside")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("runs")
                .mayOnlyBeAccessedByLayers("outside")
                .whereLayer("domains")
                .mayOnlyBeAccessedByLayers("runs", "outside")
                .whereLayer("telling")
                .mayOnlyBeAccessedByLayers("domains", "runs", "outside");
    }

    private static ArchRule noCycles() {
        return slices().matching(BASE + ".(**)").should().beFreeOfCycles();
    }

    private static ArchRule demoIsUsedByNobody() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("demo", "simulator"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("demo", "simulator"));
    }

    private static ArchRule knowsNobody(String... names) {
        return noClasses()
                .that()
                .resideInAnyPackage(in(names))
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + "..").and(doNot(resideInAnyPackage(in(names)))));
    }

    private static ArchRule tellingNames() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("SdwanManager")
                // The JDK's own word for what decides about trust.
                .and()
                .haveSimpleNameNotEndingWith("TrustManager")
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager)");
    }

    private static ArchRule oneLogger() {
        return noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");
    }

    /** Readers of answers and reports, which need limits of their own, build theirs by a factory. */
    private static ArchRule oneJsonMapper() {
        return noClasses().that().resideOutsideOfPackages(in("text")).should().callConstructor(ObjectMapper.class);
    }

    /** The client's own pool has no bound for lines and headers of an answer. */
    private static ArchRule everyConnectionIsBounded() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(in("simulator")[0])
                .and()
                .doNotHaveSimpleName("ServerClient")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("PoolingHttpClientConnectionManagerBuilder")
                .orShould()
                .callMethod(HttpClients.class, "createDefault");
    }

    private static ArchRule noStandardStreams() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("cli", "demo"))
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
    }

    private static ArchRule localesAreNamed() {
        return noClasses()
                .should()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "format", String.class, Object[].class);
    }

    private static ArchRule charsetsAreNamed() {
        return noClasses()
                .should()
                .callMethod(String.class, "getBytes")
                .orShould()
                .callConstructor(String.class, byte[].class)
                .orShould()
                .callConstructor(InputStreamReader.class, InputStream.class);
    }

    /** So that a relay without a collector loads none of it. */
    private static ArchRule onlyTracesKnowOpenTelemetry() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(in("app.trace")[0])
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.opentelemetry..", "org.apache.camel.telemetry..", "org.apache.camel.opentelemetry2..");
    }

    /** The configuration's reader only asks whether a schedule can ever fire; commands and demo are the edge. */
    private static ArchRule timeIsGivenByAClock() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("app", "cli", "config", "demo", "doctor", "simulator"))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis");
    }

    private static ArchRule noDates() {
        return noFields().should().haveRawType(Date.class);
    }

    /** A property that one flow writes and another reads puts one request's answer into the evidence of another. */
    private static ArchRule exchangePropertiesBelongToCamel() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ExchangeProperty.class)
                .orShould()
                .callMethodWhere(ofExchange("getProperty", "setProperty", "removeProperty")
                        .and(describe("by a name", call -> call.getTarget()
                                .getRawParameterTypes()
                                .get(0)
                                .isEquivalentTo(String.class))));
    }

    /** Routes pass variables on by name, where a reader sees them. */
    private static ArchRule beansGetArguments() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("HttpCall")
                // Observes every step of every route for the log.
                .and()
                .doNotHaveSimpleName("StepLogContext")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Variable.class)
                .orShould()
                .callMethodWhere(ofExchange("getVariable", "setVariable", "removeVariable", "getVariables"));
    }

    private static DescribedPredicate<JavaMethodCall> ofExchange(String... names) {
        return describe(
                "to " + List.of(names) + " of an exchange",
                call -> call.getTargetOwner().isAssignableTo(Exchange.class)
                        && List.of(names).contains(call.getName()));
    }

    /** Secrets come in environment variables. */
    private static ArchRule childrenGetNoEnvironment() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("ChildProcess")
                .should()
                .callConstructor(ProcessBuilder.class, List.class)
                .orShould()
                .callConstructor(ProcessBuilder.class, String[].class)
                .orShould()
                .callMethodWhere(describe(
                        "of Runtime.exec",
                        call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                                && call.getName().equals("exec")));
    }

    private static ArchRule nobodySleeps(String... except) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(except)
                .should()
                .callMethod(Thread.class, "sleep", long.class);
    }

    /** What the JDK and the libraries are made of does not matter here, and takes most of the time. */
    private static JavaClasses imported(ImportOption option) {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter().withImportOption(option).importPackages(BASE);
    }

    private static boolean isTest(Location location) {
        return location.contains("/test-classes/");
    }

    private static boolean isBad(Location location) {
        return location.contains(BadNeighbour.class.getSimpleName())
                || location.contains(BadHelper.class.getSimpleName());
    }

    private static String[] in(String... names) {
        return Stream.of(names).map(name -> BASE + "." + name + "..").toArray(String[]::new);
    }

    /** Breaks what can be broken anywhere. */
    @SuppressWarnings({"unused", "JavaUtilDate", "StringCaseLocaleUsage", "DefaultCharset", "DefaultLocale"})
    private static final class BadHelper {
        private static final Logger LOG = Logger.getLogger("bad");
        private Date date = new Date(System.currentTimeMillis());
        private Span span = Span.getInvalid();

        private BadHelper(Exchange exchange) throws InterruptedException {
            Thread.sleep(1);
            HttpClients.createDefault();
            assertThat(new ProcessBuilder("date").command()).isNotEmpty();
            assertThat(new ObjectMapper().isEnabled(SerializationFeature.INDENT_OUTPUT))
                    .isFalse();
            exchange.setProperty("answered", exchange.getVariable("task"));
            System.out.println("%s".formatted(date).toLowerCase().getBytes().length
                    + Locale.getDefault().toString());
        }
    }
}
