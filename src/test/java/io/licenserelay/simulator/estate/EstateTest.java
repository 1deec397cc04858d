package io.licenserelay.simulator.estate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EstateTest {
    private static final LocalDate BASE = LocalDate.of(2026, 1, 1);

    @Test
    void theSameSeedGeneratesTheSameEstateAndAnotherSeedADifferentOne() {
        assertThat(rows(Estate.generate(2, 3, 40, 7, BASE))).isEqualTo(rows(Estate.generate(2, 3, 40, 7, BASE)));
        assertThat(rows(Estate.generate(2, 3, 40, 7, BASE))).isNotEqualTo(rows(Estate.generate(2, 3, 40, 8, BASE)));
    }

    @Test
    void licenseNamesAreUniqueWithinAVirtualAccount() {
        Set<String> names = va(Estate.generate(1, 1, 500, 7, BASE))
                .licenses()
                .map(LicenseItem::name)
                .collect(Collectors.toSet());
        assertThat(names).hasSize(500).anyMatch(name -> name.contains("/")).anyMatch(name -> name.contains("ü"));
    }

    @Test
    void generatedLicensesUseEverySpelling() {
        Set<LicenseItem.Spelling> spellings = va(Estate.generate(1, 1, 200, 7, BASE))
                .licenses()
                .map(LicenseItem::spelling)
                .collect(Collectors.toSet());
        assertThat(spellings).containsExactlyInAnyOrder(LicenseItem.Spelling.values());
    }

    @Test
    void licensesCanBeAddedToGeneratedOnesAndAllCanBeChangedAndRemoved() {
        EstateVa va = va(Estate.generate(1, 1, 10, 7, BASE));
        List<String> names = va.licenses().map(LicenseItem::name).toList();

        va.change(names.get(0), license -> license.inUse(3))
                .change(names.get(0), license -> license.quantity(4))
                .outOfCompliance(names.get(1))
                .remove(names.get(2))
                .license("Added", 1, 0, LicenseItem.IN_COMPLIANCE)
                .license("Added", 2, 0, LicenseItem.IN_COMPLIANCE);

        List<LicenseItem> current = va.licenses().toList();
        assertThat(va.licenseCount()).isEqualTo(11);
        assertThat(current).hasSize(11);
        assertThat(current.get(0))
                .extracting(LicenseItem::inUse, LicenseItem::quantity)
                .containsExactly(3L, 4L);
        assertThat(current.get(1).status()).isEqualTo(LicenseItem.OUT_OF_COMPLIANCE);
        assertThat(current.get(1).inUse()).isGreaterThan(current.get(1).quantity());
        assertThat(current).extracting(LicenseItem::name).doesNotContain(names.get(2));
        assertThat(current.subList(9, 11)).extracting(LicenseItem::quantity).containsExactly(1L, 2L);

        va.remove("Added");
        assertThat(va.licenseCount()).isEqualTo(9);
    }

    @Test
    void removingAnUnknownLicenseFailsAndNamesIt() {
        EstateVa va = va(Estate.generate(1, 1, 10, 7, BASE));
        assertThatThrownBy(() -> va.remove("No such license"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No such license");
    }

    private static EstateVa va(Estate estate) {
        return estate.accounts().get(0).vas().get(0);
    }

    private static List<Object> rows(Estate estate) {
        return estate.accounts().stream()
                .flatMap(account -> account.vas().stream())
                .<Object>flatMap(va -> java.util.stream.Stream.concat(
                        va.licenses(),
                        java.util.stream.Stream.concat(
                                va.subscriptionRows().from(0), va.deviceRows().from(0))))
                .toList();
    }
}
