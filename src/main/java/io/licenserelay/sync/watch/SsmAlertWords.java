package io.licenserelay.sync.watch;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.inventory.model.SsmAlert;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Classifies SSM's own alerts about its synchronization with Cisco. The texts of SSM's alerts are not published, so the
 * classification uses single words, not sentences. An alert of severity major that matches no word is passed on
 * unchanged.
 */
public final class SsmAlertWords {
    private SsmAlertWords() {}

    static List<Finding> findings(List<SsmAlert> alerts) {
        return alerts.stream()
                .map(SsmAlertWords::finding)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Finding> finding(SsmAlert alert) {
        String words = (alert.messageType() + " " + alert.message()).toLowerCase(Locale.ROOT);
        String name = name(words, alert);
        String phrase =
                "SSM's own alert: " + alert.messageType() + (alert.message().isEmpty() ? "" : ": " + alert.message())
                        + " (" + alert.severity() + ", " + alert.source() + ")";
        return name.isEmpty() ? Optional.empty() : Optional.of(new Finding(name, phrase));
    }

    /** Whether the alert is about the token or the credentials of SSM's synchronization with Cisco. */
    public static boolean isAboutToken(SsmAlert alert) {
        return finding(alert).stream().anyMatch(each -> each.name().equals(Findings.SSM_TOKEN_EXPIRES_SOON));
    }

    static boolean isAboutSynchronization(SsmAlert alert) {
        return (alert.messageType() + " " + alert.message())
                .toLowerCase(Locale.ROOT)
                .contains("synchroni");
    }

    private static String name(String words, SsmAlert alert) {
        boolean synchronization = isAboutSynchronization(alert);
        if (synchronization && words.contains("remov")) {
            return Findings.SSM_SYNC_REMOVAL;
        }
        if (synchronization && (words.contains("token") || words.contains("credential"))) {
            return Findings.SSM_TOKEN_EXPIRES_SOON;
        }
        if (synchronization && (words.contains("overdue") || words.contains("fail") || words.contains("not "))) {
            return Findings.SSM_SYNC_OVERDUE;
        }
        return alert.severity().equalsIgnoreCase("major") ? Findings.SSM_ALERT_MAJOR : "";
    }
}
